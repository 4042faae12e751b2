import type {EngineRefusal, GatewayContainer} from '../../domain/container.ts'
import type {HostEnv} from '../../gateway/paths.ts'
import {printedByEngine} from './engine.ts'

export type RunningContainer = {id: string; name: string; startedAt: string; isRunning: boolean}

/** The container of that name now, or the one that compose has made in its place. */
export const containerNow = async (
  {engine, name, compose}: GatewayContainer,
  hostEnv: HostEnv,
): Promise<RunningContainer | EngineRefusal | null> => {
  const format = '{{.Id}} {{.State.StartedAt}} {{.State.Running}}'
  const look = (one: string) => printedByEngine(engine, ['inspect', '--type', 'container', '--format', format, one], hostEnv)
  const read = (printed: string, by: string): RunningContainer | null => {
    const [id = '', startedAt = '', running] = printed.trim().split(/\s+/)
    return id === '' ? null : {id, startedAt, isRunning: running === 'true', name: by}
  }
  const named = await look(name)
  if (typeof named === 'string') return read(named, name)
  if (named.refusal) return named.refusal
  if (compose === null) return null
  const labels = [`project=${compose.project}`, `service=${compose.service}`, 'oneoff=False']
  const filters = labels.flatMap(label => ['--filter', `label=com.docker.compose.${label}`])
  const ids = await printedByEngine(engine, ['ps', '--all', '--no-trunc', '--quiet', ...filters], hostEnv)
  const [id = ''] = typeof ids === 'string' ? ids.split('\n') : []
  const found = /^[0-9a-f]{12,64}$/.test(id) ? await look(id) : null
  return typeof found === 'string' ? read(found, id) : null
}
