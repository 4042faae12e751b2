import type {Diagnosis} from './diagnosis/diagnosis.ts'

/** What OpenClaw itself says of its config file, as that was written at its time. */
export type ConfigJudged = {file: string; changedAt: number; isValid: boolean; issues: readonly {path: string; message: string}[]}

const mostIssues = 3

const inWords = ({issues}: ConfigJudged): string => {
  const more = issues.length > mostIssues ? `; and ${issues.length - mostIssues} more` : ''
  return `${issues
    .slice(0, mostIssues)
    .map(({path, message}) => `${path}: ${message}`)
    .join('; ')}${more}`
}

/** One that was put back to what the gateway runs with is valid, and no line says so; of the same file the gateway's word counts. */
export const isMended = (config: ConfigJudged | null, {id, since}: Diagnosis): boolean =>
  id === 'config-invalid' && config?.isValid === true && config.changedAt > since

export const ofConfig = (config: ConfigJudged | null, now: number): Diagnosis[] =>
  config === null || config.isValid
    ? []
    : [
        {
          id: 'config-not-valid',
          layer: 'lifecycle',
          harm: 'soon',
          title: 'OpenClaw finds its config file not valid',
          because: `${inWords(config)}. A gateway that runs goes on with the old one; at its next start it will refuse to run, or put an older copy back.`,
          tryThis: 'Mend the file; openclaw config validate says whether it is right, and the gateway takes it over by itself.',
          since: now,
          count: 1,
          sure: 'certain',
          evidence: [],
          see: [config.file],
        },
      ]
