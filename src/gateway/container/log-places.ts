import {type GatewayContainer, onHost} from '../../domain/container.ts'
import {configuredLog, type LocationOverrides, type LogPlace, logStem} from '../paths.ts'

const usualFolder = '/tmp/openclaw'

/** The logs of a gateway in a container that lie on this host, where a folder for them is mounted. None: its console is read. */
export const placesInside = (container: GatewayContainer, logFile: string | null, requested: LocationOverrides): LogPlace[] => {
  const named = logFile === null ? null : onHost(container, logFile)
  if (named !== null) return [configuredLog(named)]
  const folder = logFile === null ? onHost(container, usualFolder) : null
  return folder === null ? [] : [{kind: 'daily', folders: [folder], stem: logStem(requested), owners: null}]
}
