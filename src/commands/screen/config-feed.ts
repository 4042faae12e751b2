import type {Store} from '../../app/store.ts'
import type {LogLine} from '../../domain/attempts/event.ts'
import {wordsOf} from '../../gateway/cli.ts'
import {type ConfigWish, judgeConfig, readConfigFile} from '../../sources/config-judge.ts'
import {changedAt, stampOf} from '../../sources/file-stamp.ts'
import {isProblem} from '../command.ts'
import type {Given} from '../flags.ts'

/** Whose config is judged, and by which command. */
export const configWish = (given: Given, whose: Pick<ConfigWish, 'wanted' | 'around' | 'configFile'>): ConfigWish => {
  const {wanted, around, configFile} = whose
  const named = given.text('openclaw')
  return {wanted, around, configFile, openclaw: named === null ? null : wordsOf(named)}
}

export type ConfigFeed = {heard: (lines: readonly LogLine[]) => void; end: () => void}

const everyMs = 5000

/** Where the log or our own parser doubts the config, OpenClaw is asked what is wrong: once, and again when the file was changed. */
export const configFeed = (wish: ConfigWish, store: Store): ConfigFeed => {
  let asked = ''
  let read = ''
  let isDoubted = false
  let isEnded = false

  const ask = async (): Promise<void> => {
    asked = stampOf(wish.configFile)
    const judged = await judgeConfig(wish).catch(() => null)
    if (isEnded || judged === null || isProblem(judged)) return
    isDoubted = !judged.isValid
    store.dispatchSoon({type: 'config-judged', judged})
  }
  const doubt = (): void => {
    isDoubted = true
    if (stampOf(wish.configFile) !== asked) void ask()
  }
  const readAgain = (): void => {
    read = stampOf(wish.configFile)
    const judged = readConfigFile(wish.configFile)
    if (judged) store.dispatchSoon({type: 'config-judged', judged})
    if (judged?.fault) doubt()
  }
  const timer = setInterval(() => {
    if (stampOf(wish.configFile) !== read) readAgain()
    else if (isDoubted) doubt()
  }, everyMs)
  readAgain()
  return {
    heard: lines => {
      const at = changedAt(wish.configFile) || Infinity
      // What was skipped before the file was changed is not what the file holds now.
      if (lines.some(line => line.event?.kind === 'config-skipped' && line.at >= at)) doubt()
    },
    end: () => {
      isEnded = true
      clearInterval(timer)
    },
  }
}
