import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {onTestFinished} from 'vitest'
import type {FollowState, RawLine} from '../../src/sources/log/follower.ts'

/** Keeps what a follower tells. */
export const listening = () => {
  const lines: RawLine[] = []
  const states: FollowState[] = []
  return {
    lines,
    states,
    onLines: (batch: RawLine[]): void => void lines.push(...batch),
    onState: (state: FollowState): void => void states.push(state),
    raws: (): string[] => lines.map(({raw}) => raw),
    numbers: (): number[] => lines.map(({line}) => line),
    kinds: (): string[] => states.map(({kind}) => kind),
  }
}

export const scratchFolder = (): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-test-'))
  onTestFinished(() => fs.rmSync(folder, {recursive: true, force: true}))
  return folder
}

export const closedAfterwards = <T extends {close(): void}>(opened: T): T => {
  onTestFinished(() => opened.close())
  return opened
}
