import fs from 'node:fs'
import tty from 'node:tty'
import type {AlertWay} from '../../domain/alerts/ways.ts'
import {clean} from '../../domain/clean.ts'

/** The keys: the terminal itself, also where standard input is a pipe that brings the log. */
export const keyboard = (): tty.ReadStream | null => {
  if (process.stdin.isTTY) return process.stdin
  try {
    return new tty.ReadStream(fs.openSync('/dev/tty', 'r'))
  } catch {
    return null
  }
}

type Handle = {setBlocking?: (isBlocking: boolean) => void}

/**
 * Node writes to a terminal and waits: where nobody reads at its other end it would wait for ever, and hear no signal meanwhile. The
 * descriptor is Node's own, so the shell's stays as it is.
 */
export const writeWithoutBlocking = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.isTTY) (stream as unknown as {_handle?: Handle})._handle?.setBlocking?.(false)
  }
}

const maxUnreadBytes = 1 << 20

/** What a terminal that nobody reads would only pile up is left out; once it is read again it is drawn again. */
export const dropUnread = (redraw: () => void): (() => void) => {
  const {stdout} = process
  const write = stdout.write
  let isBehind = false
  const caughtUp = (): void => {
    if (isBehind) redraw()
    isBehind = false
  }
  stdout.write = ((...args: Parameters<typeof write>) => {
    if (stdout.writableLength < maxUnreadBytes) return write.apply(stdout, args)
    isBehind = true
    const done = args.findLast((arg: unknown) => typeof arg === 'function') as (() => void) | undefined
    if (done) queueMicrotask(done)
    return false
  }) as typeof write
  stdout.on('drain', caughtUp)
  return () => {
    stdout.off('drain', caughtUp)
    stdout.write = write
  }
}

/** Without what a terminal would obey, line by line. */
export const clipboardText = (text: string): string =>
  text
    .split('\n')
    .map(line => clean(line))
    .join('\n')

/** OSC 52: the clipboard of the person at the other end of the SSH. */
export const writeClipboardSequence = (text: string): void =>
  void process.stdout.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`)

/** Put by and taken back, so that the title of the terminal is what it was when we leave. */
const keepTitle = '\u001b[22;2t'
const giveTitleBack = '\u001b[23;2t'

/** The bell, the title or a notice of the terminal, as the operator set; the text is cleaned, and short. */
export const createAlerter = (way: AlertWay): {alert: (text: string) => void; silence: () => void} => {
  let isTitled = false
  const alert = (text: string): void => {
    const alertText = `gatecrab: ${clean(text, 200)}`
    if (way === 'bell') process.stdout.write('\u0007')
    if (way === 'osc9') process.stdout.write(`\u001b]9;${alertText}\u0007`)
    if (way !== 'title') return
    process.stdout.write(`${isTitled ? '' : keepTitle}\u001b]2;${alertText}\u0007`)
    isTitled = true
  }
  return {alert, silence: () => void (isTitled && process.stdout.write(giveTitleBack))}
}
