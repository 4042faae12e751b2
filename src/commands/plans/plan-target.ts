import {createHash} from 'node:crypto'
import fs from 'node:fs'
import {batchFile} from '../../domain/plans/fixes-token.ts'
import type {RestartForm, TokenWay} from '../../domain/plans/plan.ts'
import type {Cli, ConfigFacts, ReleaseRules, Supervisor} from '../../domain/plans/plan-facts.ts'
import {shellWord} from '../../domain/shell.ts'
import {bootstrapArgv, restartArgv} from '../../gateway/cli.ts'
import {plistOf} from '../../sources/service/supervisor.ts'
import type {Ground} from './plan-ground.ts'

export const wayOf = (rules: ReleaseRules, cli: Cli | null, config: ConfigFacts, backups: string): TokenWay => {
  if (cli === null || rules.writes === 'edit' || config.link) return {by: 'edit'}
  if (rules.writes === 'batch-file')
    return cli.elsewhere ? {by: 'edit'} : {by: 'batch-file', argv: cli.batch(batchFile(backups)), batchFile: batchFile(backups)}
  return config.comments && config.include === 'none' ? {by: 'edit'} : {by: 'patch-stdin', argv: cli.patch}
}

const byHand = ({kind, name}: Supervisor, {where}: Ground): string => {
  if (kind === 'launchd')
    return `By hand: \`launchctl bootstrap gui/${where.around.uid} ${shellWord(plistOf(where.wanted, where.around))}\`.`
  if (kind === 'systemd') return `By hand: \`systemctl --user restart ${shellWord(name ?? '')}\`.`
  if (kind === 'container') return 'By hand: `docker restart` of its container.'
  return 'No service runs it: stop it in its terminal with Ctrl-C if it is there, and start it again with `openclaw gateway run`.'
}

const bootstrapMs = 5000

export const restartForm = (ground: Ground, supervisor: Supervisor): RestartForm | null => {
  const {openclaw, where} = ground
  if (openclaw === null) return null
  const plist = supervisor.kind === 'launchd' ? plistOf(where.wanted, where.around) : null
  return {
    argv: restartArgv(openclaw),
    bootstrap: plist === null ? null : bootstrapArgv(where.around.uid ?? 0, plist),
    bootstrapAfterMs: bootstrapMs,
    byHand: byHand(supervisor, ground),
  }
}

export const realFile = (file: string): string => {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

export const gatewayKey = (configFile: string): string =>
  createHash('sha256').update(realFile(configFile)).digest('hex').slice(0, 16)
