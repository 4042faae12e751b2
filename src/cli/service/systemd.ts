import type {ServiceDefinition, ServiceText} from './definition.ts'

/** A word of a unit in quotes; systemd expands `%` there, and undoes the escapes of C. */
const quoted = (text: string): string =>
  `"${text
    .replace(/[\\"]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll('%', '%%')}"`

/** Behind the program systemd expands variables, too. */
const argument = (text: string): string => quoted(text.replaceAll('$', '$$$$'))

const folder = '~/.config/systemd/user'

const notesOf = ({name, hasCommand}: ServiceDefinition): string[] => {
  const file = `${folder}/${name}.service`
  return [
    `Install: write this to ${file}, then`,
    `  systemctl --user daemon-reload && systemctl --user enable --now ${name}`,
    '  loginctl enable-linger    so that it runs while you are not logged in',
    `Look:    systemctl --user status ${name}; journalctl --user -u ${name}`,
    `Remove:  systemctl --user disable --now ${name} && rm ${file} && systemctl --user daemon-reload`,
    'Print it again when node or gatecrab has moved.',
    ...(hasCommand
      ? [
          'Who may read this file reads the command: let it read a secret from a file.',
          'A command that needs the rights of another account (sudo, mail through postfix) needs NoNewPrivileges=no.',
        ]
      : []),
  ]
}

export const systemdUnit = (definition: ServiceDefinition): ServiceText => {
  const {about, argv, env} = definition
  const [program = '', ...words] = argv
  const notes = notesOf(definition)
  const lines = [
    ...notes.map(note => `# ${note}`),
    '',
    '[Unit]',
    `Description=${about}`,
    '',
    '[Service]',
    `ExecStart=${[quoted(program), ...words.map(argument)].join(' ')}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    'Restart=on-failure',
    'RestartSec=30',
    '# Ended by a signal, and wrong usage.',
    'SuccessExitStatus=130',
    'RestartPreventExitStatus=64',
    'UMask=0077',
    'NoNewPrivileges=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ]
  return {text: lines.join('\n'), notes}
}
