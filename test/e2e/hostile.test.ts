import fs from 'node:fs'
import {beforeAll, expect, test} from 'vitest'
import {built} from './built.ts'
import {another, captured, now, refusal} from './captured-lines.ts'
import {digit} from './digit.ts'
import {logOf} from './gateway-log.ts'
import {openScreen, type Screen} from './screen.ts'
import {sizes} from './sizes.ts'

beforeAll(built)

const lines = captured('default-level')
const outdated = refusal(lines, 'Control UI updated')
const mismatch = refusal(lines, 'gateway token mismatch')

/** What a stranger may write into a name, a header or a close reason. None of it is anything that we write ourselves. */
const attacks: Record<string, string> = {
  colour: '\u001b[38;5;201mRED',
  screen: '\u001b[2J\u001b[?1000h\u001b[8;5;5t\u001bc',
  title: '\u001b]0;OWNED\u0007',
  clipboard: '\u001b]52;c;RVZJTA==\u0007',
  link: '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\',
  query: '\u001b[6n\u001bP$q"p\u001b\\\u001b_Gi=1;AAAA\u001b\\',
  'c1 controls': '\u009b?1000h\u009d0;OWNED\u009c\u0090q\u009c',
  'zero bytes and backspaces': 'a\u0000b\u0008\u0008c\u007f\u0005',
  'lines of their own': 'x\r\nINJECTED 12:00:00 all is well\u2028INJECTED\u0085INJECTED',
  'reordered text': '\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c',
  'invisible text': 'a\u200b\u200d\ufeff\u00adb\u{e0041}\u{e007f}',
  'half a pair': '\ud83d and \udc4d',
  'wide text': '界'.repeat(60),
  'text with many marks': `z${'\u0351'.repeat(300)}`,
  'family emoji': '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(20),
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/** The captured refusal with an attack wherever the client has a say. */
const attacked = (attack: string, n: number): string[] =>
  now(another(outdated, n)).map(line =>
    line
      .replaceAll('openclaw-control-ui', escaped(`n${attack}`))
      .replaceAll('http://127.0.0.1:18810', escaped(`o${attack}`))
      .replaceAll(/Mozilla[^"]*?140\.0/g, escaped(`u${attack}`))
      .replaceAll('Control UI updated; reload this page to continue', escaped(`r${attack}`)),
  )

const ours =
  /\u001b\[(?:\?(?:1049|25|2004|2026)[hl]|[\d;]*m|\d*[ABCDEFGJK]|\d*(?:;\d*)?H)|\u001b\]52;c;(?!RVZJTA)[A-Za-z0-9+/=]*\u0007|\r?\n|\r/g

const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/u

const isUnharmed = (screen: Screen) => {
  expect(screen.raw().replace(ours, '')).not.toMatch(unsafe)
  expect(screen.raw()).not.toMatch(/38;5;201|[\u001b\u009d]\]?0;OWNED/)
  expect(screen.row(0)).toMatch(/^gatecrab /)
  expect(screen.rows().at(-1)).toMatch(/\? help *$/)
  expect(screen.rows().filter(row => row.trimStart().startsWith('INJECTED'))).toEqual([])
}

const tour = async (screen: Screen) => {
  const steps: readonly [string, string][] = [
    ['2', 'OUTCOME'],
    ['3', 'LEVEL'],
    [digit('timeline'), 'WHAT'],
    ['1', 'SINCE'],
    ['enter', 'esc goes back'],
    ['y', 'Sent to'],
  ]
  for (const [key, seen] of steps) {
    screen.press(key)
    await screen.waitFor(seen)
    isUnharmed(screen)
  }
}

test.each(sizes)('what strangers write into the log never reaches the terminal, at $cols x $rows', async size => {
  const log = logOf()
  const screen = openScreen(['--log', log.file], size)
  await screen.waitFor('no')
  const names = Object.keys(attacks)
  for (const [n, name] of names.entries()) log.write(attacked(attacks[name] ?? '', n + 1))
  await screen.waitFor(`${names.length} refused/5m`)
  await tour(screen)
})

test('nor do bytes that are no text, nor a line of a megabyte', async () => {
  const log = logOf()
  const screen = openScreen(['--log', log.file])
  await screen.waitFor('no')
  const [first = '', second = ''] = now(another(outdated, 1))
  const raw = first.replaceAll('legacy', `${attacks['screen']}${attacks['title']}${attacks['c1 controls']}`)
  fs.appendFileSync(log.file, `${raw}\n`)
  fs.appendFileSync(
    log.file,
    Buffer.concat([Buffer.from('\u001b]0;OWNED\u0007 \u001b[?1000h '), Buffer.from([0xff, 0xfe, 0x9b, 0xc0, 0x80, 0])]),
  )
  fs.appendFileSync(log.file, `\n${second}\n`)
  await screen.waitFor(/control-ui .* 1 +\S+ +\S+ +stuck/)
  const talkative = (n: number, length: number) =>
    now(another(outdated, n)).map(line => line.replaceAll(/Mozilla[^"]*?140\.0/g, 'M'.repeat(length)))
  log.write(talkative(2, 400_000))
  await screen.waitFor(/control-ui .* 2 +\S+ +\S+ +stuck/)
  log.write(talkative(4, 1_000_000))
  log.write(now(another(mismatch, 3)))
  await screen.waitFor(/cli .*token-mismatch +1 /)
  isUnharmed(screen)
  await tour(screen)
})
