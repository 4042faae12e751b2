import {createHash} from 'node:crypto'
import fs from 'node:fs'
import type {Cli, ConfigFacts, PlanSupervisor, ReleaseRules} from '../../domain/plans/facts.ts'
import type {RestartForm, Target, TokenWay} from '../../domain/plans/plan.ts'
import {batchFile} from '../../domain/plans/token-steps.ts'
import {shellWord} from '../../domain/shell.ts'
import {tokenKey} from '../../domain/token/copy.ts'
import {bootstrapArgv, boundEnv, printArgv, restartArgv} from '../../gateway/cli.ts'
import {restartContainer} from '../../gateway/container/engine-command.ts'
import {launchdLabel} from '../../gateway/paths.ts'
import {isRefusedPlist} from '../../sources/service/launchd-places.ts'
import type {PlanContext} from './context.ts'

export const wayOf = (rules: ReleaseRules, cli: Cli | null, config: ConfigFacts, backups: string): TokenWay => {
  if (cli === null || rules.writes === 'edit' || config.link) return {by: 'edit'}
  if (rules.writes === 'batch-file')
    return cli.elsewhere ? {by: 'edit'} : {by: 'batch-file', argv: cli.batch(batchFile(backups)), batchFile: batchFile(backups)}
  // A gateway that reloads while it runs looks at the files that it includes, too.
  const isSeen = config.include === 'none' || rules.follows === 'hot'
  return config.comments && isSeen ? {by: 'edit'} : {by: 'patch-stdin', argv: cli.patch}
}

const kickstart = (label: string): string => `By hand: \`sudo launchctl kickstart -k ${shellWord(`system/${label}`)}\`.`

const bootstrapByHand = (domain: string, file: string): string => {
  const first = isRefusedPlist(file)
    ? `\`chmod 644 ${shellWord(file)}\`, since launchd of macOS 26 refuses a plist that others may not read, then `
    : ''
  return `By hand: ${first}\`${bootstrapArgv(domain, shellWord(file)).join(' ')}\`.`
}

export const manualRestart = ({kind, name, domain, file}: PlanSupervisor, platform: NodeJS.Platform): string => {
  if (kind === 'launchd' && domain === 'system') return kickstart(name ?? '')
  if (kind === 'launchd' && domain && file) return bootstrapByHand(domain, file)
  if (kind === 'launchd') return `By hand: \`launchctl kickstart -k ${shellWord(`${domain}/${name}`)}\`.`
  if (kind === 'systemd') return `By hand: \`systemctl --user restart ${shellWord(name ?? '')}\`.`
  if (kind === 'container') return 'By hand: `docker restart` of its container.'
  if (platform === 'darwin')
    return 'No agent of this account runs it: end it where it was started and start it there, in its terminal or as a LaunchDaemon (`sudo launchctl kickstart -k system/LABEL`). Beside it a second one cannot have the port.'
  return 'No service runs it: stop it in its terminal with Ctrl-C if it is there, and start it again with `openclaw gateway run`.'
}

const bootstrapMs = 5000

const ofLaunchd = ({kind, name, domain, file}: PlanSupervisor): Pick<RestartForm, 'bootstrap' | 'look'> =>
  kind === 'launchd' && name && domain && file && domain !== 'system'
    ? {bootstrap: bootstrapArgv(domain, file), look: printArgv(domain, name)}
    : {bootstrap: null, look: null}

export const restartForm = (planContext: PlanContext, supervisor: PlanSupervisor): RestartForm | null => {
  const {
    openclaw,
    context: {options, overrides, hostEnv},
  } = planContext
  const {container} = options
  if (container) {
    const argv = restartContainer(container)
    return {
      by: 'engine',
      argv,
      bootstrap: null,
      bootstrapAfterMs: bootstrapMs,
      byHand: `By hand: \`${argv.map(shellWord).join(' ')}\`.`,
    }
  }
  if (openclaw === null) return null
  return {
    argv: restartArgv(openclaw),
    ...ofLaunchd(supervisor),
    bootstrapAfterMs: bootstrapMs,
    byHand: manualRestart(supervisor, hostEnv.platform),
    ...(hostEnv.platform === 'darwin' ? {byRoot: kickstart(launchdLabel(overrides, hostEnv))} : {}),
  }
}

export const realFile = (file: string): string => {
  try {
    // The system's own way tells a name in other letters, on a disk that takes both, as the one it is.
    return fs.realpathSync.native(file)
  } catch {
    return file
  }
}

export const gatewayKey = (configFile: string): string =>
  createHash('sha256').update(realFile(configFile)).digest('hex').slice(0, 16)

/** The gateway of a plan that leaves its token alone. */
export const targetWithoutToken = ({context, release, host, port}: PlanContext): Target => ({
  key: gatewayKey(context.configFile),
  configFile: context.configFile,
  tokenFile: context.configFile,
  tokenAt: tokenKey.split('.'),
  stateDir: context.stateDir,
  profile: context.overrides.profile,
  host,
  port,
  compose: [],
  ...(context.options.container ? {container: context.options.container} : {}),
  release,
  env: boundEnv(context.overrides, context.hostEnv, port),
  source: {place: 'config', path: context.configFile, key: tokenKey},
  way: {by: 'edit'},
  restart: null,
})
