import {shellWord} from '../shell.ts'
import {reinstallWith, restartWith, type ServiceFinding, type ServiceInputs} from './finding.ts'
import {launchdFindings} from './findings-launchd.ts'
import {processFindings} from './findings-process.ts'
import {type FileProblem, mainSupervisor, type OwnedFile, type Supervisor} from './service.ts'

const secretName = /^(?:OPENCLAW|CLAWDBOT)_GATEWAY_(?:TOKEN|PASSWORD)$/

const tokenInArguments = ({program, name, file}: Supervisor): ServiceFinding[] =>
  program.hasTokenFlag
    ? [
        {
          id: 'token-in-the-start-command',
          harm: 'soon',
          title: 'The service starts the gateway with --token',
          because: `${name} gives the token on the command line: it wins over the config for ever, and every account of this machine may have seen it.`,
          tryThis: 'Take --token out of the start command, set gateway.auth.token, and rotate it.',
          sure: 'certain',
          see: [file ?? name],
        },
      ]
    : []

/** What an operator put into a drop-in or an environment file no installation takes out. */
const takeOut = ({variables, secretFiles = [], domain}: Supervisor): string =>
  `Where gateway.auth.token is set in the config, take ${variables.filter(variable => secretName.test(variable)).join(', ')} out of ${secretFiles.join(', ')}, then systemctl${domain === 'user' ? ' --user' : ''} daemon-reload and gatecrab restart. gatecrab propagate writes a new token into an environment file.`

const tokenInEnvironment = (one: Supervisor): ServiceFinding[] => {
  const {variables, name, file, secretFiles = []} = one
  return variables.some(variable => secretName.test(variable))
    ? [
        {
          id: 'token-in-the-service',
          harm: 'note',
          title: 'The service carries a copy of the token',
          because: `${name} sets ${variables.filter(variable => secretName.test(variable)).join(', ')}: after a rotation it is the old one, until it is changed there.`,
          tryThis: one.kind === 'systemd' && secretFiles.length > 0 ? takeOut(one) : reinstallWith(one),
          sure: 'certain',
          see: secretFiles.length > 0 ? secretFiles : [file ?? name],
        },
      ]
    : []
}

type FindingText = (file: OwnedFile) => Pick<ServiceFinding, 'harm' | 'title' | 'because' | 'tryThis'>

const texts: Readonly<Record<FileProblem, FindingText>> = {
  'other-owner': ({what, path, owner}) => ({
    harm: 'broken',
    title: `The ${what} file belongs to ${owner}, not to the account of the gateway`,
    because: `${path} was probably written by a command under sudo. The gateway can no longer change it, or not even read it.`,
    tryThis: `Give it back to the account of the gateway: sudo chown … ${shellWord(path)}`,
  }),
  'others-can-write': ({what, path, mode}) => ({
    harm: 'soon',
    title: `Others may change the ${what} file`,
    because: `${path} has mode ${mode}.`,
    tryThis: `chmod go-w ${shellWord(path)}`,
  }),
  'others-can-read': ({what, path, mode}) => ({
    harm: 'soon',
    title: `Others may read the secrets in the ${what} file`,
    because: `${path} has mode ${mode}.`,
    tryThis: path.endsWith('.plist')
      ? `Take the secret out of ${path} and keep it in the config alone, then gatecrab rotate. Leave the mode: launchd refuses a plist that others may not read.`
      : `chmod go-rwx ${shellWord(path)}`,
  }),
  unreadable: ({what, path, owner, mode}) => ({
    harm: 'note',
    title: `This account may not read the ${what} file`,
    because: `${path} belongs to ${owner}, mode ${mode}: what stands in it is not known here.`,
    tryThis: "Run gatecrab as the gateway's account.",
  }),
}

const ofFile = (file: OwnedFile): ServiceFinding[] =>
  file.problem === null
    ? []
    : [
        {
          ...{id: `file-${file.problem}`, about: file.path, ...texts[file.problem](file)},
          ...{sure: 'certain', see: [`ls -l ${shellWord(file.path)}`]},
        },
      ]

const fileFindings = ({facts}: ServiceInputs): ServiceFinding[] => [
  ...facts.supervisors.flatMap(tokenInArguments),
  ...facts.supervisors.flatMap(tokenInEnvironment),
  ...facts.files.flatMap(ofFile),
]

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
