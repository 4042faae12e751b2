import type {Failure} from '../failure.ts'
import type {Problem} from './problem.ts'

/** OpenClaw's own validation of its config file, at the time it was written. */
export type ConfigValidation = {
  file: string
  changedAt: number
  isValid: boolean
  issues: readonly {path: string; message: string}[]
  /** Why we ourselves cannot read it, where that is so. */
  fault?: Failure | null
}

const maxIssues = 3

const describeIssues = ({issues}: ConfigValidation): string => {
  const more = issues.length > maxIssues ? `; and ${issues.length - maxIssues} more` : ''
  return `${issues
    .slice(0, maxIssues)
    .map(({path, message}) => `${path}: ${message}`)
    .join('; ')}${more}`
}

/** One that was put back to what the gateway runs with is valid, and no line says so; of the same file the gateway's word counts. */
export const isRepaired = (config: ConfigValidation | null, {id, since}: Problem): boolean =>
  id === 'config-invalid' && config?.isValid === true && config.changedAt > since

const atStart = 'With it the gateway refuses to start, or puts an older copy back.'
const goesOn = 'The gateway goes on with what it read before; at its next start it will refuse to run, or put an older copy back.'

/** A restart does not help while the config file is broken. */
const unreadable = (failure: Failure, {file, changedAt}: ConfigValidation, now: number, isUp: boolean): Problem => ({
  id: 'config-invalid',
  layer: 'lifecycle',
  harm: isUp ? 'soon' : 'broken',
  title: failure.title,
  because: `${failure.because ?? ''}. ${isUp ? goesOn : atStart}`,
  tryThis: `Mend it before any restart: ${failure.tryThis ?? '`openclaw config validate` says where'}.`,
  // What may not be read could be read when it was written.
  since: failure.from === 'gateway' ? Math.min(changedAt, now) : now,
  count: 1,
  sure: 'certain',
  evidence: [],
  see: [file],
})

const notValid = (config: ConfigValidation, now: number, isUp: boolean): Problem => ({
  id: 'config-not-valid',
  layer: 'lifecycle',
  harm: isUp ? 'soon' : 'broken',
  title: 'OpenClaw finds its config file not valid',
  because: `${describeIssues(config)}. ${isUp ? goesOn : atStart}`,
  tryThis: isUp
    ? 'Mend the file; openclaw config validate says whether it is right, and the gateway takes it over by itself.'
    : 'Mend the file before any restart; openclaw config validate says whether it is right.',
  since: now,
  count: 1,
  sure: 'certain',
  evidence: [],
  see: [config.file],
})

export const configProblems = (config: ConfigValidation | null, now: number, isUp: boolean): Problem[] => {
  if (config === null || config.isValid) return []
  return config.fault ? [unreadable(config.fault, config, now, isUp)] : [notValid(config, now, isUp)]
}
