/** What runs a gateway. An advice that names one of their tools is for that system alone. */
export type System = 'launchd' | 'systemd' | 'container' | 'terminal'

/** OpenClaw's own repair is named here and nowhere else: it renews logins as well, and one that fails is lost. */
export const migrateLogins =
  'Keep a copy of ~/.openclaw first. Then `openclaw doctor --fix` moves them, with the network up: it also renews logins, and a renewal that fails loses one.'
