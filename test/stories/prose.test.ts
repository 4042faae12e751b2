import fs from 'node:fs'
import path from 'node:path'
import {expect, test} from 'vitest'

const src = path.join(import.meta.dirname, '../../src')

/** Names under which the program keeps what people read. */
const prose = '(?:title|because|tryThis|means|notice|words)'
const matching = '(?:includes|startsWith|endsWith|match|matchAll|search|indexOf)'
const patterns = [
  new RegExp(`\\b${prose}(?:\\)|\\s*\\?\\?\\s*'')*\\??\\.${matching}\\(`, 'g'),
  new RegExp(`\\.(?:test|exec)\\([^()]*\\b${prose}\\b`, 'g'),
  new RegExp(`\\b(?:event|last|problem|copy|step|entry)\\??\\.text\\??\\.${matching}\\(`, 'g'),
  /\.(?:test|exec)\((?:event|last|problem|copy|step|entry)\.text\b/g,
  new RegExp(`\\b${prose}\\s*[!=]==\\s*(?:'[^']+'|\`[^\`]+\`)`, 'g'),
]

/** A family of reasons is a column of their table, not the letters of an id or of the gateway's word for it. */
const reason = '(?:reason|authReason|detail)'
const families = [
  new RegExp(`\\b${reason}(?:\\)|\\s*\\?\\?\\s*'')*\\??\\.${matching}\\(`, 'g'),
  new RegExp(`\\.(?:test|exec)\\([^()]*\\b${reason}\\b`, 'g'),
]

/** Where a text is looked at all the same, and why nothing else hangs on it. */
const allowed: Readonly<Record<string, string>> = {
  'domain/failure.ts': 'where a sentence gets its capital letter and its full stop',
  'main.ts': 'the words of a command line',
  'cli/commands/explain.ts': 'the words of a command line',
  'demo/logins.ts': 'the words of a command line',
  'demo/openclaw/openclaw.ts': 'the words of a command line',
  'gateway/cli-output.ts': 'what OpenClaw prints',
  'gateway/service/socket-program.ts': 'the title of a process',
  'app/panels/log.ts': 'whether a detail is one word of ours or a sentence of the gateway',
}

const branches = (file: string, text: string): string[] =>
  [...patterns, ...families].flatMap(pattern => Array.from(text.matchAll(pattern), ([found]) => `${file}: ${found}`))

const files = fs.readdirSync(src, {recursive: true, encoding: 'utf8'}).filter(file => /\.tsx?$/.test(file))

test('no branch of the program hangs on a text that people read', () => {
  const found = files
    .filter(file => allowed[file] === undefined)
    .flatMap(file => branches(file, fs.readFileSync(path.join(src, file), 'utf8')))
  expect(found).toEqual([])
})

test('such a branch is found, however it is written', () => {
  for (const text of [
    "if (problem.title.startsWith('Unknown')) return 64",
    "/nothing listens/.test(because ?? '')",
    "last?.text.startsWith('config not taken over')",
    "(because ?? '').includes('starting')",
    '/^config applied/.test(event.text)',
    "if (title === 'No gateway answers') return 3",
    '/^token-/.test(detail ?? reason)',
    "attempt.authReason?.startsWith('device')",
  ])
    expect(branches('x.ts', text), text).not.toEqual([])
})

/** Of a failure the printer makes the first letter of an advice a capital: a command there would be spoilt. */
const bareCommand =
  /tryThis(?::| =)[^`'\n]*(?:'|`(?!\\))(?:gatecrab|openclaw|ssh|docker|npm|node|chmod|sudo|launchctl|systemctl|gunzip) /g
const failureFolders = ['cli', 'gateway', 'runtime', 'sources', 'tui', 'domain/plans', 'main.ts']

test('a command that begins the advice of a failure stands in backticks', () => {
  const found = files
    .filter(file => failureFolders.some(folder => file.startsWith(folder)))
    .flatMap(file =>
      Array.from(fs.readFileSync(path.join(src, file), 'utf8').matchAll(bareCommand), ([text]) => `${file}: ${text}`),
    )
  expect(found).toEqual([])
  expect("tryThis: 'gatecrab journals lists them'".match(bareCommand)).not.toBeNull()
  expect("tryThis: '`gatecrab journals` lists them'".match(bareCommand)).toBeNull()
})
