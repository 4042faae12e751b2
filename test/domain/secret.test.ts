import {describe, expect, it} from 'vitest'
import {redact} from '../../src/domain/redact.ts'
import {fingerprintOf, Secret} from '../../src/domain/secret.ts'

const text = (length: number): string => 'correct7horse7battery7staple7and7more7words'.slice(0, length)
const shown = (length: number): string => fingerprintOf(new Secret(text(length)))

describe('what is shown of a secret', () => {
  it('is that it is set, up to 23 characters', () => {
    for (const length of [1, 8, 16, 23]) expect(shown(length)).toBe('set')
  })

  it('is its last four characters, from 24 to 31', () => {
    for (const length of [24, 31]) expect(shown(length)).toBe(`…${text(length).slice(-4)}`)
  })

  it('is its first and last four characters, from 32 on', () => {
    for (const length of [32, 40]) expect(shown(length)).toBe(`corr…${text(length).slice(-4)}`)
  })

  it('leaves out the white space around it, which makes it no longer', () => {
    expect(fingerprintOf(new Secret(`  ${text(23)}\n`))).toBe('set')
    expect(fingerprintOf(new Secret(`a\u001b[2${'x'.repeat(30)}🦀z\u202eb`))).toBe('a[2…zb')
  })

  it('is the same in a text that is redacted', () => {
    for (const length of [24, 31, 32]) expect(redact(`sent ${text(length)} twice`)).toBe(`sent ${shown(length)} twice`)
  })
})
