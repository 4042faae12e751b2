import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {handToClipboard} from '../../src/sources/clipboard.ts'
import {clipboardText} from '../../src/tui/terminal/terminal.ts'
import {scratchFolder} from '../stress/recorder.ts'

/** Programs that write down how they were called and what they were fed. */
const fake = (names: readonly string[], code = 0) => {
  const folder = scratchFolder()
  for (const name of names)
    fs.writeFileSync(
      path.join(folder, name),
      `#!/bin/sh\necho "${name} $*" >>'${folder}/calls'\n/bin/cat >>'${folder}/fed-${name}'\nexit ${code}\n`,
      {mode: 0o755},
    )
  const read = (file: string) => (fs.existsSync(path.join(folder, file)) ? fs.readFileSync(path.join(folder, file), 'utf8') : '')
  return {env: {PATH: folder}, calls: () => read('calls').split('\n').filter(Boolean), fed: (name: string) => read(`fed-${name}`)}
}

const hand = async (env: Record<string, string>, {isSecret = false, platform = 'linux' as NodeJS.Platform} = {}) => {
  const sequences: string[] = []
  const isHanded = await handToClipboard('the row', {env, platform, isSecret, writeSequence: text => sequences.push(text)})
  return {isHanded, sequences}
}

describe('what is copied', () => {
  test('goes through the terminal, wherever that is', async () => {
    expect(await hand({PATH: ''})).toEqual({isHanded: true, sequences: ['the row']})
  })

  test('goes through tmux by a buffer that it passes on, since its default takes no sequence of a program', async () => {
    const {env, calls, fed} = fake(['tmux'])
    expect(await hand({...env, TMUX: '/tmp/tmux-0/default,1,0'})).toEqual({isHanded: true, sequences: []})
    expect([calls(), fed('tmux')]).toEqual([['tmux load-buffer -w -b gatecrab -'], 'the row'])
  })

  test('stays in no buffer of tmux where it is a secret', async () => {
    const {env, calls} = fake(['tmux'])
    expect(await hand({...env, TMUX: 'x'}, {isSecret: true})).toEqual({isHanded: true, sequences: []})
    expect(calls()).toEqual([`tmux load-buffer -w -b gatecrab-${process.pid} -`, `tmux delete-buffer -b gatecrab-${process.pid}`])
  })

  test('is not sent through a tmux that cannot, where it is a secret; a row is, as a sequence', async () => {
    const {env} = fake(['tmux'], 1)
    expect(await hand({...env, TMUX: 'x'}, {isSecret: true})).toEqual({isHanded: false, sequences: []})
    expect(await hand({...env, TMUX: 'x'})).toEqual({isHanded: true, sequences: ['the row']})
  })

  test.each([
    ['pbcopy', 'darwin', {}],
    ['wl-copy', 'linux', {WAYLAND_DISPLAY: 'wayland-0'}],
    ['xclip', 'linux', {DISPLAY: ':0'}],
  ] as const)('goes to %s as well where the screen is here, and not at the other end of an SSH', async (name, platform, more) => {
    const there = fake([name])
    await hand({...there.env, ...more, SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22'}, {platform})
    const here = fake([name])
    await hand({...here.env, ...more}, {platform})
    await expect.poll(() => here.fed(name), {timeout: 20_000}).toBe('the row')
    expect(there.calls()).toEqual([])
  })

  test('holds nothing that a terminal would obey', () => {
    expect(clipboardText('a\u001b[31mb\nc\u0007')).not.toMatch(/[\u001b\u0007]/)
  })
})
