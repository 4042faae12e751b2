import {runProcess} from './run-process.ts'

/** Terminal.app knows no OSC 52, and iTerm2 not unless it is told to; on the Mac itself pbcopy does what they do not. */
export const copyToPasteboard = (text: string): void => {
  if (process.platform !== 'darwin' || process.env['SSH_CONNECTION']) return
  void runProcess(['pbcopy'], {env: process.env, stdin: text, timeoutMs: 5000})
}
