import path from 'node:path'
import type {GatewayContainer} from '../../domain/container.ts'

/**
 * The compose folders that count: the one that the operator names, else that of the gateway's own container, by its label. The folder we
 * were started in says nothing: it may be anybody's, and a secret would be written into it.
 */
export const composeFolders = (named: string | null, container: GatewayContainer | null): string[] => {
  if (named !== null) return [path.resolve(named)]
  return container?.compose ? [container.compose.folder] : []
}
