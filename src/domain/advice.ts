/** What runs a gateway. An advice that names one of their tools is for that system alone. */
export type System = 'launchd' | 'systemd' | 'container' | 'terminal'

/** Copies what a link points to as well, and keeps the modes: the copy holds secrets. */
const copyState = `cp -pR "\${OPENCLAW_STATE_DIR:-$HOME/.openclaw}/." "$HOME/openclaw-before-doctor"`

/** OpenClaw's own repair is named here and nowhere else, since nothing else moves them: it renews logins as well, and one that fails is lost. */
export const migrateLogins = `Keep a copy of the config and the profile stores first: \`${copyState}\` (and of OPENCLAW_CONFIG_PATH, where that is set). Then \`openclaw doctor --fix\`, without --yes, moves them, with the network up: it may also write the config, and it renews logins that have ended; a renewal that fails loses one, and only the copy still has it.`
