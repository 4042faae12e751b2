import {type ProcessEnv, runProcess} from './run-process.ts'

type Host = {env: ProcessEnv; platform: NodeJS.Platform}
type Handed = Host & {isSecret: boolean; writeSequence: (text: string) => void}

/** A program of this machine's own screen, which has a clipboard that no terminal need be asked for. */
const localPrograms = ({env, platform}: Host): string[][] => {
  if (env['SSH_CONNECTION']) return []
  // Terminal.app knows no OSC 52, and iTerm2 not unless it is told to.
  if (platform === 'darwin') return [['pbcopy']]
  if (env['WAYLAND_DISPLAY']) return [['wl-copy']]
  return env['DISPLAY'] ? [['xclip', '-selection', 'clipboard', '-in']] : []
}

const run = (argv: readonly string[], stdin: string, {env}: Host) => runProcess([...argv], {env, stdin, timeoutMs: 5000})

/**
 * tmux takes OSC 52 from a program only where `set-clipboard` is on, and then keeps a copy among its buffers. A buffer of our own that it
 * is asked to pass on arrives by default, and can be taken away again. False where this tmux cannot (before 3.2).
 */
const handToTmux = async (text: string, handed: Handed): Promise<boolean> => {
  const buffer = handed.isSecret ? `gatecrab-${process.pid}` : 'gatecrab'
  const {code} = await run(['tmux', 'load-buffer', '-w', '-b', buffer, '-'], text, handed)
  if (handed.isSecret) await run(['tmux', 'delete-buffer', '-b', buffer], '', handed)
  return code === 0
}

/** To the clipboard of whoever sits at the terminal: through the terminal, and through what this machine has. False where a secret went nowhere. */
export const handToClipboard = async (text: string, handed: Handed): Promise<boolean> => {
  const programs = localPrograms(handed)
  for (const argv of programs) void run(argv, text, handed)
  const isPassedOn = Boolean(handed.env['TMUX']) && (await handToTmux(text, handed))
  if (isPassedOn) return true
  // In an old tmux the sequence may leave the secret in a buffer that nobody knows the name of.
  if (handed.env['TMUX'] && handed.isSecret) return programs.length > 0
  handed.writeSequence(text)
  return true
}
