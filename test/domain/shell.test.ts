import {spawnSync} from 'node:child_process'
import {describe, expect, it} from 'vitest'
import {filledText, shellWord} from '../../src/domain/shell.ts'
import {exposureOf, exposureText} from '../../src/domain/token/copy.ts'
import {createCopyProblem} from '../../src/domain/token/copy-problems.ts'
import {manualStepFor, type PlaceId, places} from '../../src/domain/token/places.ts'

const nasty = '/srv/x $(touch PWN);y/it\'s `id` "z" & *|<>\\n\t#!~/.env'

describe('a word of a command to copy', () => {
  it.each([nasty, '', ' ', '-rf', '~', '/plain/path.env', "'", "''", '$HOME', 'a\nb'])('is itself to a shell: %j', word => {
    const {stdout} = spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`], {encoding: 'utf8'})
    expect(stdout).toBe(word)
  })

  it('is left bare where it is plain, so that commands stay readable', () => {
    expect(shellWord('/home/ops/.openclaw/openclaw.json')).toBe('/home/ops/.openclaw/openclaw.json')
  })
})

describe('a text with values', () => {
  it('quotes them in commands, and in prose it does not', () => {
    expect(filledText('See {path}, run `rm {path}` at {path}.', {path: '/a b'})).toBe("See /a b, run `rm '/a b'` at /a b.")
  })

  it('does not fill in what a value itself holds', () => {
    expect(filledText('`rm {path}` {key}', {path: '{key}', key: 'K'})).toBe("`rm '{key}'` K")
  })

  it('quotes the path in every cure of a copy', () => {
    expect(createCopyProblem('open-mode', {path: '/a b', key: 'k'}).cure).toBe("Run `chmod 600 '/a b'`.")
    const commands = (Object.keys(places) as PlaceId[]).flatMap(place =>
      manualStepFor({place, path: '/a b', key: 'c d'})
        .split('`')
        .filter((_, i) => i % 2 === 1),
    )
    for (const command of commands) expect(command.replaceAll(/'[^']*'/g, '')).not.toMatch(/\/a b|c d/)
  })
})

describe('a file that a secret would be written into', () => {
  it('is for root, the account of the gateway and our own alone', () => {
    expect(exposureOf({uid: 0, mode: 0o100600}, [1000])).toBeNull()
    expect(exposureOf({uid: 1000, mode: 0o100600}, [1000])).toBeNull()
    expect(exposureOf({uid: 1002, mode: 0o100600}, [1000])).toEqual({id: 'other-owner', owner: 'user 1002'})
  })

  it.each([0o644, 0o640, 0o620, 0o602, 0o604])('is not readable or writable by others (%o)', mode => {
    expect(exposureOf({uid: 1000, mode}, [1000])).toEqual({id: 'others-can-read', mode: `0${mode.toString(8)}`})
  })

  it('is named with what helps, its path quoted', () => {
    expect(exposureText({id: 'others-can-read', mode: '0644'}, '/a b').tryThis).toBe(
      "Run `chmod 600 '/a b'`, then `gatecrab propagate`.",
    )
  })
})
