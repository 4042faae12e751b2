import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {launcher} from './built.ts'
import {cleanEnvironment} from './environment.ts'
import {type Options, openScreen, type Screen} from './screen.ts'
import {temporaryFolder} from './surroundings.ts'

const prompt = 'PROMPT>'

export type Shell = Screen & {
  /** Runs a line and waits for the next prompt. */
  run: (line: string) => Promise<void>
  /** What the shell says of its terminal: the modes that a program may leave behind. */
  isCooked: () => Promise<boolean>
  /** The program that the shell runs now. */
  child: () => number
}

/** A folder in which `gatecrab` is a command, and a shell that does not mark pastes itself. */
const commandFolder = (): string => {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'inputrc'), 'set enable-bracketed-paste off\n')
  fs.writeFileSync(path.join(folder, 'gatecrab'), `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`, {mode: 0o755})
  return folder
}

/** An interactive shell with job control, in which the program is a command as any other. */
export const openShell = async (options: Options = {}): Promise<Shell> => {
  const folder = commandFolder()
  const PATH = `${folder}:${cleanEnvironment('')['PATH']}`
  const screen = openScreen([], {
    ...options,
    command: ['/bin/bash', '--norc', '--noprofile', '-i'],
    env: {PS1: `${prompt} `, HISTFILE: '', INPUTRC: path.join(folder, 'inputrc'), ...options.env, PATH},
  })
  await screen.waitFor(prompt)
  let count = 0
  const run = async (line: string) => {
    count += 1
    screen.type(`${line}; echo "end-"${count}\r`)
    await screen.waitFor(new RegExp(`^end-${count}\\s*\\n${prompt}`, 'm'))
  }
  const isCooked = async () => {
    await run('clear; stty -a')
    const modes = screen.text().split(/\s+/)
    return ['icanon', 'isig', 'echo', 'icrnl', 'opost'].every(mode => modes.includes(mode))
  }
  const child = () => Number(execFileSync('pgrep', ['-P', String(screen.pid)], {encoding: 'utf8'}).split('\n')[0])
  return {...screen, run, isCooked, child}
}
