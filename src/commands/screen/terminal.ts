import fs from 'node:fs'
import tty from 'node:tty'
import {clean} from '../../domain/clean.ts'
import type {Given} from '../flags.ts'

/** The keys: the terminal itself, also where standard input is a pipe that brings the log. */
export const keyboard = (): tty.ReadStream | null => {
  if (process.stdin.isTTY) return process.stdin
  try {
    return new tty.ReadStream(fs.openSync('/dev/tty', 'r'))
  } catch {
    return null
  }
}

export const isInteractive = (given: Given): boolean =>
  process.stdout.isTTY === true &&
  process.env['TERM'] !== 'dumb' &&
  (process.stdin.isTTY === true || given.list('log').includes('-'))

export const wantsColour = (given: Given): boolean => !given.has('no-color') && !process.env['NO_COLOR']

/** OSC 52: the clipboard of the person at the other end of the SSH. */
export const toClipboard = (text: string): string => {
  const safe = text
    .split('\n')
    .map(line => clean(line))
    .join('\n')
  return `\u001b]52;c;${Buffer.from(safe).toString('base64')}\u0007`
}
