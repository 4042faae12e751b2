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
]

/** Where a text is looked at all the same, and why nothing else hangs on it. */
const allowed: Readonly<Record<string, string>> = {
  'domain/failure.ts': 'where a sentence gets its capital letter and its full stop',
  'main.ts': 'the words of a command line',
  'demo/logins.ts': 'the words of a command line',
  'demo/openclaw/openclaw.ts': 'the words of a command line',
  'gateway/cli-output.ts': 'what OpenClaw prints',
  'gateway/service/socket-program.ts': 'the title of a process',
}

const branches = (file: string, text: string): string[] =>
  patterns.flatMap(pattern => Array.from(text.matchAll(pattern), ([found]) => `${file}: ${found}`))

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
  ])
    expect(branches('x.ts', text), text).not.toEqual([])
})
