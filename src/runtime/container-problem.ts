import {onHost} from '../domain/container.ts'
import type {Failure} from '../domain/failure.ts'
import {shellWord} from '../domain/shell.ts'
import type {Options} from './options.ts'

/** Why no log is read where the gateway may be in a container; null where that is not known. */
export const containerProblem = ({engineRefusal, otherContainers}: Options): Failure | null => {
  if (engineRefusal)
    return {
      title: 'The gateway may run in a container, where its log is',
      because: engineRefusal.because,
      tryThis: engineRefusal.tryThis,
      from: 'gateway',
    }
  if (otherContainers.length === 0) return null
  const [first] = otherContainers
  return {
    title: 'Several containers run a gateway',
    because: `they are ${otherContainers.map(({name}) => name).join(', ')}`,
    tryThis: `name the one that is meant by its state folder, as by \`--state-dir ${shellWord((first && onHost(first, first.stateDir)) ?? 'DIR')}\``,
    from: 'you',
  }
}
