import {demoOpenclaw} from '../../demo/openclaw/openclaw.ts'
import {exit} from '../command.ts'

/** Internal: replaces `openclaw` in the demo. */
export const runDemoOpenclaw = async (argv: readonly string[]): Promise<number> => {
  const [folder = '', ...words] = argv
  const {text, ok} = await demoOpenclaw(folder, words, process.stdin)
  const out = ok ? process.stdout : process.stderr
  out.write(`${text}\n`)
  return ok ? exit.fine : exit.broken
}
