import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The user's data folder (database, cache, models): `PARALLAX_HOME`, else the platform's usual place.
 *
 * @param environment variables to look in, the process's own by default.
 */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.PARALLAX_HOME) return environment.PARALLAX_HOME
  if (process.platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Parallax')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Parallax')
  return join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'parallax')
}
