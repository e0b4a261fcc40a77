import { MessageType } from '../protocol'
import type { ConnectionState } from '../../../../protocol/src/index'
import type { Project } from '../../project/project'
import { joinTexts, lineOf, visible } from '../../text/safe-text'
import type { Translate } from '../../text/translate'
import type { StandardEditor } from './standard-editor'
import { phraseIn } from '../../text/phrase'

/** Shows a message, once, when a database cannot be reached, for editors without our status bar; logs the rest. */
export class ConnectionMessages {
  private readonly told = new WeakMap<Project, ConnectionState>()

  constructor(
    private readonly editor: StandardEditor,
    private readonly t: Translate,
  ) {}

  tell(project: Project): void {
    const { connection, named, detail: detailIn } = project.live.state
    const label = named === null ? '' : phraseIn(this.t, named)
    const detail = detailIn(this.t)
    // A database that does not respond is retried again and again.
    if (connection === 'connecting' || detail === '' || this.told.get(project) === connection) return
    this.told.set(project, connection)
    const said = joinTexts([lineOf(`${project.paths.name}: ${this.wordOf(connection)} ${label}`), visible(detail)])
    if (connection === 'refused' || connection === 'unreachable') this.editor.message(MessageType.Warning, said)
    else this.editor.log(said)
  }

  private wordOf(connection: Exclude<ConnectionState, 'connecting'>): string {
    const { t } = this
    switch (connection) {
      case 'none':
        return t('no database')
      case 'connected':
        return t('connected')
      case 'unreachable':
        return t('offline')
      case 'refused':
        return t('cannot connect')
      case 'untrusted':
        return t('workspace not trusted')
    }
  }
}
