import type {Failure} from '../../domain/failure.ts'
import {type RenewalAsks, secretProblem} from '../../domain/logins/renewal.ts'
import {Secret} from '../../domain/secret.ts'

const readAll = async (): Promise<string> => {
  process.stdin.setEncoding('utf8')
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return text
}

const bracketed = /\u001b\[20[01]~/g
const sequences = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.)/g

/** The input so far, as characters: backspace removes one, Ctrl-U all. */
const typed = (before: string, chunk: string): string => {
  let text = before
  for (const char of chunk.replace(bracketed, '').replace(sequences, '')) {
    if (char === '\u007f' || char === '\b') text = text.slice(0, -1)
    else if (char === '\u0015') text = ''
    else if (char >= ' ') text += char
  }
  return text
}

/** Typed or pasted at the terminal; only its length is shown. Null: it was left with Ctrl-C or Ctrl-D. */
const masked = (question: string): Promise<string | null> =>
  new Promise(resolve => {
    const {stdin, stderr} = process
    let text = ''
    const show = (): void =>
      void stderr.write(`\r\u001b[K${question}${text === '' ? '' : `${'*'.repeat(Math.min(text.length, 12))} (${text.length})`}`)
    const end = (found: string | null): void => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      resolve(found)
    }
    const onData = (chunk: string): void => {
      const stop = chunk.search(/[\r\n\u0003\u0004]/)
      text = typed(text, stop === -1 ? chunk : chunk.slice(0, stop))
      show()
      if (stop !== -1) end(/[\r\n]/.test(chunk[stop] ?? '') ? text : null)
    }
    stdin.setRawMode(true)
    stdin.setEncoding('utf8')
    stdin.on('data', onData)
    stdin.resume()
    show()
  })

const failure = (title: string, because: string, tryThis: string): Failure => ({title, because, tryThis, from: 'you'})

/** The new secret: from a pipe as it is, from a terminal through a masked field. Never from the command line. */
export const askSecret = async (asks: NonNullable<RenewalAsks['secret']>): Promise<Secret | Failure> => {
  const isPerson = process.stdin.isTTY === true
  const text = isPerson ? await masked(`${asks.what} (it is not shown): `) : await readAll()
  if (text === null) return failure('Nothing was run', 'the field was left', 'run it again')
  const invalid = secretProblem(text.trim(), asks)
  if (invalid === null) return new Secret(text.trim())
  return failure(
    `That is no ${asks.what}`,
    invalid,
    isPerson ? 'nothing was run' : 'feed it on standard input: `gatecrab renew … --yes < FILE`',
  )
}
