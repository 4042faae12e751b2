import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {whyUnreadable} from '../../src/sources/error-words.ts'
import {copyToPasteboard} from '../../src/sources/pasteboard.ts'
import {copyToClipboard} from '../../src/tui/terminal/terminal.ts'
import {scratchFolder} from '../stress/recorder.ts'

const onMac = (): void => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor
  Object.defineProperty(process, 'platform', {...platform, value: 'darwin'})
  onTestFinished(() => {
    Object.defineProperty(process, 'platform', platform)
    vi.unstubAllEnvs()
  })
}

describe('what may not be read', () => {
  test('is another account on most systems', () => {
    expect(whyUnreadable('EACCES')?.tryThis).toBe("run gatecrab as the gateway's user")
    expect(whyUnreadable('ENOENT')).toBeNull()
  })

  test('is closed by the privacy settings of macOS, where it says EPERM', () => {
    onMac()
    expect(whyUnreadable('EPERM')?.because).toContain('privacy settings')
    expect(whyUnreadable('EPERM')?.tryThis).toContain('sshd-keygen-wrapper')
    expect(whyUnreadable('EACCES')?.because).toBe('this user may not read it')
  })
})

describe('the clipboard of a Mac', () => {
  const pasted = (): string => {
    const folder = scratchFolder()
    fs.writeFileSync(
      path.join(folder, 'pbcopy'),
      `#!/bin/sh\n/bin/cat >'${folder}/new'; /bin/mv '${folder}/new' '${folder}/pasted'\n`,
      {mode: 0o755},
    )
    vi.stubEnv('PATH', folder)
    return path.join(folder, 'pasted')
  }

  test('has what the terminal may not take', async () => {
    onMac()
    vi.stubEnv('SSH_CONNECTION', '')
    const file = pasted()
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    copyToClipboard('a\u001bb', copyToPasteboard)
    expect(String(write.mock.calls[0]?.[0])).toContain(']52;c;')
    write.mockRestore()
    await vi.waitFor(() => expect(fs.readFileSync(file, 'utf8')).not.toContain('\u001b'), {timeout: 20_000})
  })

  test('is not that of the host at the other end of an SSH', () => {
    onMac()
    vi.stubEnv('SSH_CONNECTION', '192.0.2.1 1 192.0.2.2 22')
    const file = pasted()
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    copyToClipboard('a', copyToPasteboard)
    write.mockRestore()
    expect(fs.existsSync(file)).toBe(false)
  })
})
