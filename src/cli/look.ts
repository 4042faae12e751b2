import {type ThemeName, themeNames} from '../app/theme-names.ts'
import {type Failure, usageFailure} from '../domain/failure.ts'
import {nearest} from '../domain/nearest.ts'
import type {Look} from '../tui/parts/paint.ts'
import {wantsColour} from './interactive.ts'
import type {Args} from './options.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Terminals whose fonts have no bars, ticks and arrows. */
const plainTerminals = /^(?:linux|vt\d|ansi|cons25|dumb)/

/** A locale that names another charset than UTF-8 means it; none at all is what an SSH leaves, and says nothing. */
export const needsAscii = ({LC_ALL, LC_CTYPE, LANG, TERM = ''}: Env): boolean => {
  const locale = [LC_ALL, LC_CTYPE, LANG].find(Boolean)
  return plainTerminals.test(TERM) || (locale !== undefined && !/utf-?8/i.test(locale))
}

/** The background that the terminal says it has: white and light grey are 15 and 7. */
const isLight = ({COLORFGBG = ''}: Env): boolean => /(?:^|;)(?:7|15)$/.test(COLORFGBG)

const hasManyColours = ({TERM = '', COLORTERM = ''}: Env): boolean => TERM.includes('256color') || COLORTERM !== ''

export const themeIn = (env: Env): ThemeName => (isLight(env) ? (hasManyColours(env) ? 'light' : 'light-16') : 'dark')

const isThemeName = (text: string): text is ThemeName => (themeNames as readonly string[]).includes(text)

/** How the screen is painted: as the flags say, else as the terminal and the locale can. */
export const lookOf = (args: Args, env: Env): Look | Failure => {
  const named = args.value('theme')
  if (named !== null && !isThemeName(named)) {
    const near = nearest(named, themeNames)
    return usageFailure(`There is no theme ${named}`, {
      tryThis: near === null ? `It is one of ${themeNames.join(', ')}` : `Did you mean ${near}?`,
    })
  }
  const isAscii = args.flag('ascii') || (args.settings.values.ascii !== false && needsAscii(env))
  return {colour: wantsColour(args), isAscii, name: named ?? themeIn(env)}
}
