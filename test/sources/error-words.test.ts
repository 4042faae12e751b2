import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {whyUnreadable} from '../../src/sources/error-words.ts'

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
