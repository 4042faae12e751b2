import type {Store} from '../../app/store.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {isFailure} from '../../domain/failure.ts'
import {splitCommand} from '../../gateway/cli.ts'
import {type ConfigCheckOptions, checkConfig, readRestedConfig} from '../../sources/config-check.ts'
import {every} from '../../sources/every.ts'
import {changedAt, stampOf} from '../../sources/files.ts'
import type {Options} from '../options.ts'

/** Which config to validate, and with which command. */
export const configCheckOptions = (
  options: Pick<Options, 'openclaw'>,
  whose: Pick<ConfigCheckOptions, 'overrides' | 'hostEnv' | 'configFile'>,
): ConfigCheckOptions => {
  const {overrides, hostEnv, configFile} = whose
  const named = options.openclaw
  return {overrides, hostEnv, configFile, openclaw: named === null ? null : splitCommand(named)}
}

export type ConfigFeed = {onLines: (lines: readonly LogLine[]) => void; end: () => void}

const everyMs = 5000

/** Where the log or our own parser doubts the config, OpenClaw is asked what is wrong: once, and again when the file was changed. */
export const configFeed = (wish: ConfigCheckOptions, store: Store): ConfigFeed => {
  let asked = ''
  let read = ''
  let isDoubted = false
  let isEnded = false

  const ask = async (): Promise<void> => {
    asked = stampOf(wish.configFile)
    const validation = await checkConfig(wish).catch(() => null)
    if (isEnded || validation === null || isFailure(validation)) return
    isDoubted = !validation.isValid
    store.dispatchSoon({type: 'config-judged', validation})
  }
  const doubt = (): void => {
    isDoubted = true
    if (stampOf(wish.configFile) !== asked) void ask()
  }
  const readAgain = async (): Promise<void> => {
    read = stampOf(wish.configFile)
    const validation = await readRestedConfig(wish.configFile)
    if (isEnded) return
    if (validation) store.dispatchSoon({type: 'config-judged', validation})
    if (validation?.fault) doubt()
  }
  const stop = every(everyMs, () => {
    if (stampOf(wish.configFile) !== read) return readAgain()
    if (isDoubted) doubt()
    return undefined
  })
  void readAgain()
  return {
    onLines: lines => {
      const at = changedAt(wish.configFile) || Infinity
      // Lines skipped before the change say nothing about the current file.
      if (lines.some(line => line.event?.kind === 'config-skipped' && line.at >= at)) doubt()
    },
    end: () => {
      isEnded = true
      stop()
    },
  }
}
