import type {ServiceDefinition, ServiceText} from './definition.ts'

const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;'}

const xml = (text: string): string => text.replace(/[&<>]/g, char => entities[char] ?? char)

const string = (text: string): string => `<string>${xml(text)}</string>`

const keyed = (entries: Readonly<Record<string, string>>): string[] =>
  Object.entries(entries).flatMap(([name, value]) => [`<key>${xml(name)}</key>`, value])

const dict = (entries: Readonly<Record<string, string>>): string => `<dict>${keyed(entries).join('')}</dict>`

const labelOf = (name: string): string => `io.gatecrab.${name.replace(/^gatecrab-/, '')}`

/** Two hyphens would end a comment of XML. */
const notesOf = ({name, hasCommand}: ServiceDefinition): string[] => {
  const label = labelOf(name)
  const file = `~/Library/LaunchAgents/${label}.plist`
  return [
    `Install: write this to ${file}, then`,
    `  launchctl bootstrap gui/$(id -u) ${file}`,
    `Look:    launchctl print gui/$(id -u)/${label}; ~/Library/Logs/${name}.log`,
    `Remove:  launchctl bootout gui/$(id -u)/${label}; rm ${file}`,
    'Print it again when node or gatecrab has moved.',
    ...(hasCommand ? ['Who may read this file reads the command: let it read a secret from a file.'] : []),
  ]
}

export const launchdPlist = (definition: ServiceDefinition): ServiceText => {
  const {name, home, argv, env} = definition
  const log = string(`${home}/Library/Logs/${name}.log`)
  const notes = notesOf(definition)
  const job = {
    Label: string(labelOf(name)),
    ProgramArguments: `<array>\n${argv.map(word => `    ${string(word)}`).join('\n')}\n  </array>`,
    EnvironmentVariables: dict(Object.fromEntries(Object.entries(env).map(([key, value]) => [key, string(value)]))),
    RunAtLoad: '<true/>',
    KeepAlive: dict({SuccessfulExit: '<false/>'}),
    ThrottleInterval: '<integer>30</integer>',
    ProcessType: string('Background'),
    Umask: `<integer>${0o077}</integer>`,
    StandardOutPath: log,
    StandardErrorPath: log,
  }
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<!--',
    ...notes.map(note => `  ${xml(note)}`),
    '-->',
    '<plist version="1.0">',
    '<dict>',
    ...keyed(job).map(line => `  ${line}`),
    '</dict>',
    '</plist>',
    '',
  ]
  return {text: lines.join('\n'), notes}
}
