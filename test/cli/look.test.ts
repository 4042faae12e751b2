import {describe, expect, test} from 'vitest'
import type {ThemeName} from '../../src/app/theme-names.ts'
import {needsAscii, themeIn} from '../../src/cli/look.ts'
import {attributes} from '../../src/tui/parts/paint.ts'

test.each([
  [{LANG: 'en_US.UTF-8', TERM: 'xterm-256color'}, false],
  [{LANG: 'C.utf8'}, false],
  [{TERM: 'xterm'}, false],
  [{LANG: 'C'}, true],
  [{LANG: 'en_US.UTF-8', LC_ALL: 'POSIX'}, true],
  [{LANG: 'de_DE.ISO-8859-1'}, true],
  [{LANG: 'en_US.UTF-8', TERM: 'linux'}, true],
  [{TERM: 'vt100'}, true],
])('%j draws with ASCII alone: %s', (env, isAscii) => expect(needsAscii(env)).toBe(isAscii))

test.each([
  [{}, 'dark'],
  [{COLORFGBG: '15;0'}, 'dark'],
  [{COLORFGBG: '0;15', TERM: 'xterm-256color'}, 'light'],
  [{COLORFGBG: '0;default;15', COLORTERM: 'truecolor'}, 'light'],
  [{COLORFGBG: '0;7', TERM: 'xterm'}, 'light-16'],
])('%j has the theme %s', (env, name) => expect(themeIn(env)).toBe(name))

/** The colours of xterm as it comes; a palette of one's own is one's own. */
const sixteen = ['000000', 'cd0000', '00cd00', 'cdcd00', '0000ee', 'cd00cd', '00cdcd', 'e5e5e5']
const steps = [0, 95, 135, 175, 215, 255]

const rgbOf = (codes: string, ground: string): readonly number[] => {
  const [, fixed] = /38;5;(\d+)/.exec(codes) ?? []
  if (fixed !== undefined) {
    const n = Number(fixed) - 16
    return [Math.floor(n / 36), Math.floor(n / 6) % 6, n % 6].map(step => steps[step] ?? 0)
  }
  const [, basic] = /(?:^|;)3([0-7])$/.exec(codes) ?? []
  const hex = basic === undefined ? (ground === 'ffffff' ? '000000' : 'e5e5e5') : (sixteen[Number(basic)] ?? '')
  return hex.match(/../g)!.map(part => Number.parseInt(part, 16))
}

const luminance = (rgb: readonly number[]): number => {
  const [r = 0, g = 0, b = 0] = rgb.map(value => {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (codes: string, ground: string): number => {
  const [a, b] = [luminance(rgbOf(codes, ground)), luminance(ground.match(/../g)!.map(part => Number.parseInt(part, 16)))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

describe.each([
  ['dark', '000000'],
  ['light', 'ffffff'],
  ['light-16', 'ffffff'],
] as const)('the theme %s', (name: ThemeName, ground) => {
  test.each(Object.entries(attributes[name]))('%s can be read on its ground', (_, codes) =>
    expect(contrast(codes, ground)).toBeGreaterThan(3.5),
  )
})
