import {reinstallWith, restartWith, type ServiceFinding, type ServiceInputs} from './finding.ts'
import {fileFindings} from './findings-files.ts'
import {launchdFindings} from './findings-launchd.ts'
import {processFindings} from './findings-process.ts'
import {mainSupervisor} from './service.ts'

const shellDiffers = ({facts}: ServiceInputs): ServiceFinding[] => {
  const main = mainSupervisor(facts)
  const {shell} = facts
  const version = main?.program.version ?? null
  if (main === null || shell?.version == null || version === null || version === shell.version) return []
  return [
    {
      id: 'service-of-another-version',
      harm: 'soon',
      title: `The service runs OpenClaw ${version}, the shell has ${shell.version}`,
      because: `${main.name} starts ${main.program.entry ?? 'another copy'}; "openclaw" in this shell is ${shell.path}. What one writes, the other may read differently.`,
      tryThis: `${reinstallWith(main)}${main.domain === 'system' ? '' : ', with the one that should stay'}`,
      sure: 'certain',
      see: [main.file ?? main.name, shell.path],
    },
  ]
}

const stillTheOld = ({facts, runningVersion}: ServiceInputs): ServiceFinding[] => {
  const installed = mainSupervisor(facts)?.program.version ?? null
  if (installed === null || runningVersion === null || installed === runningVersion) return []
  return [
    {
      id: 'stale-daemon',
      harm: 'soon',
      title: `The gateway that runs is ${runningVersion}, installed is ${installed}`,
      because: 'It was updated on disk and not started again since.',
      tryThis: restartWith(mainSupervisor(facts)),
      sure: 'certain',
      see: [],
    },
  ]
}

const otherPort = ({facts}: ServiceInputs): ServiceFinding[] => {
  const main = mainSupervisor(facts)
  const [service, config] = [main?.program.port ?? null, facts.exposure?.port ?? null]
  if (main === null || service === null || config === null || service === config) return []
  return [
    {
      id: 'service-on-another-port',
      harm: 'broken',
      title: `The service starts the gateway on port ${service}, the config says ${config}`,
      because: 'The command line wins in the gateway, the config wins in its clients: they connect to the wrong port.',
      tryThis: reinstallWith(main),
      sure: 'certain',
      see: [main.file ?? main.name],
    },
  ]
}

const max = 6
const some = (names: readonly string[]): string =>
  names.length > max ? `${names.slice(0, max).join(', ')} and ${names.length - max} more` : names.join(', ')

const own = (name: string): boolean => /^(?:OPENCLAW|CLAWDBOT|MOLTBOT)_/.test(name)
const isKey = (name: string): boolean => /_(?:API_KEY|AUTH_TOKEN|OAUTH_TOKEN)$/.test(name)

const otherEnvironment = ({facts}: ServiceInputs): ServiceFinding[] => {
  const {environment} = facts
  if (environment === null) return []
  const differ = environment.differ.filter(name => own(name) || isKey(name))
  const onlyShell = environment.onlyShell.filter(name => own(name) || isKey(name))
  if (differ.length + onlyShell.length === 0) return []
  const parts = [
    differ.length > 0 ? `${some(differ)} has another value in the service` : '',
    onlyShell.length > 0 ? `${some(onlyShell)} is set in this shell only` : '',
  ]
  return [
    {
      id: 'environment-differs',
      harm: 'note',
      title: 'The service has other variables than this shell',
      because: `${parts.filter(Boolean).join('; ')}. What works here may not work there.`,
      tryThis: 'Put what both need into the config or the .env of the state folder.',
      sure: 'certain',
      see: [mainSupervisor(facts)?.file ?? ''].filter(Boolean),
    },
  ]
}

const versionFindings = (inputs: ServiceInputs): ServiceFinding[] => [
  ...shellDiffers(inputs),
  ...stillTheOld(inputs),
  ...otherPort(inputs),
  ...otherEnvironment(inputs),
]

/** What is wrong with how the gateway is run, most harmful kinds first. */
export const serviceFindings = (inputs: ServiceInputs): ServiceFinding[] => [
  ...processFindings(inputs),
  ...launchdFindings(inputs),
  ...versionFindings(inputs),
  ...fileFindings(inputs),
]
