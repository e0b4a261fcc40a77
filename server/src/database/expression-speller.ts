import { expressionPairKey, type ExpressionPair, type ExpressionSpellings } from './model-expressions'
import type { DatabaseModel } from './model'
import type { DatabaseClient } from './open-client'
import { spellExpressions } from './spell-expressions'

/**
 * Adds PostgreSQL's form of expressions to the database model. Results are reused while the catalog is unchanged, and
 * without new expressions the model is the same object. One per connection.
 */
export class ExpressionSpeller {
  private catalog: DatabaseModel | null = null
  private model: DatabaseModel | null = null
  private spellings: ExpressionSpellings = {}

  async complete(
    client: DatabaseClient,
    catalog: DatabaseModel,
    pairs: readonly ExpressionPair[],
  ): Promise<DatabaseModel> {
    if (this.catalog !== catalog || this.model === null) {
      this.catalog = catalog
      this.spellings = {}
      this.model = { ...catalog, spellings: this.spellings }
    }
    const open = pairs.filter((pair) => !(expressionPairKey(pair) in this.spellings))
    if (open.length === 0) return this.model
    this.spellings = { ...this.spellings, ...Object.fromEntries(await spellExpressions(client, open)) }
    this.model = { ...catalog, spellings: this.spellings }
    return this.model
  }
}
