import {describe, expect, test} from 'vitest'
import {redact} from '../../src/domain/redact.ts'

describe('text that is pasted in public', () => {
  test.each([
    ['a token', 'sent 8ae7150c10088c6f3484899b9e1cf521c5b1a7d19bcdf64a', 'sent 8ae7…f64a'],
    ['a token in an address', 'http://gw/?token=abcdefgh&x=1', 'http://gw/?token=[redacted]&x=1'],
    [
      'a password that begins with a word',
      'token=to-be-or-not and password: in*the*end',
      'token=[redacted] and password: [redacted]',
    ],
    ['a token that was cut', 'sent 8ae7150c10088c6f…', 'sent 8ae7…'],
    ['a home', 'read /Users/ops/.openclaw/x', 'read ~/.openclaw/x'],
    ['an account', 'user=ops.team+x@example.com said', 'user=[account]@example.com said'],
    ['a public address', 'from 203.0.113.9:80', 'from 203.0.113.x:80'],
    ['a public IPv6 address', 'from 2001:db8:12:34::9', 'from 2001:db8:12:x'],
    ['an IPv6 address with an early ::', 'from 2a01:4f8::2, 2606:4700::6810:84e5.', 'from 2a01:4f8::x, 2606:4700::x.'],
    ['an IPv6 address of one group', 'peer=[2a01::5]:443', 'peer=[2a01::x]:443'],
    ['an IPv4 address written as IPv6', '::ffff:cb00:7109 ::ffff:203.0.113.9', '::x ::ffff:203.0.113.x'],
    ['a host name', 'on mini-von-kai.local or pi.fritz.box', 'on [host].local or [host].fritz.box'],
    ['the host name of an address', 'http://mini-von-kai.tail1234.ts.net:18789/x', 'http://[host].ts.net:18789/x'],
    ['a whole public IPv6 address', '[2001:db8:12:34:5:6:7:8]:443', '[2001:db8:12:x]:443'],
  ])('holds nothing of %s', (_what, raw, safe) => {
    expect(redact(raw)).toBe(safe)
  })

  test.each([
    'token missing: password is, token mismatch. conn=8e1e7215…bd18',
    'unauthorized: gateway token mismatch (provide gateway auth token)',
    '4ff19070-d79e-4cef-87bc-b8fe846b213b',
    '192.168.1.20 100.64.0.7 ::1 fe80::1 fd00::2',
    '2026-11-21T10:18:23.371Z 10:18:23',
    'openclaw@2026.9.6',
    'std::vector a::b :: x: y::',
    '~/.local/share settings.local.json gateway.mode local',
    'aa:bb:cc:dd:ee:ff',
  ])('%s stays as it is', text => {
    expect(redact(text)).toBe(text)
  })
})
