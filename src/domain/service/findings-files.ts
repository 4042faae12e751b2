import {shellWord} from '../shell.ts'
import type {ServiceFinding, ServiceInputs} from './finding.ts'
import {reinstallWith} from './finding.ts'
import type {FileProblem, OwnedFile, Supervisor} from './service.ts'

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

export const fileFindings = ({facts}: ServiceInputs): ServiceFinding[] => [
  ...facts.supervisors.flatMap(tokenInArguments),
  ...facts.supervisors.flatMap(tokenInEnvironment),
  ...facts.files.flatMap(ofFile),
]
