import type { LintRule } from '../context'
import { attachPartitionScan } from './attach-partition-scan'
import { backfillAfterTrigger } from './backfill-after-trigger'
import { charType } from './char-type'
import { checkNotValidMissing } from './check-not-valid-missing'
import { columnTypeChange } from './column-type-change'
import { concurrentIfNotExists } from './concurrent-if-not-exists'
import { concurrentlyInTransaction } from './concurrently-in-transaction'
import { concurrentlyOnPartitioned } from './concurrently-on-partitioned'
import { constraintBuildsIndex } from './constraint-builds-index'
import { dataChangeWithSchemaChange } from './data-change-with-schema-change'
import { deleteWithoutWhere } from './delete-without-where'
import { detachPartitionNotConcurrent } from './detach-partition-not-concurrent'
import { domainColumn } from './domain-column'
import { domainConstraint } from './domain-constraint'
import { dropCascade } from './drop-cascade'
import { dropColumn } from './drop-column'
import { dropConstraint } from './drop-constraint'
import { dropDatabase } from './drop-database'
import { dropIndexNotConcurrent } from './drop-index-not-concurrent'
import { dropOwned } from './drop-owned'
import { dropSchema } from './drop-schema'
import { dropTable } from './drop-table'
import { dropType } from './drop-type'
import { dynamicSql } from './dynamic-sql'
import { enumValueInSameTransaction } from './enum-value-in-same-transaction'
import { enumReplaced } from './enum-replaced'
import { exclusionConstraint } from './exclusion-constraint'
import { foreignKeyNotValidMissing } from './foreign-key-not-valid-missing'
import { foreignKeyType } from './foreign-key-type'
import { indexNotConcurrent } from './index-not-concurrent'
import { jsonType } from './json-type'
import { localTimeDefault } from './local-time-default'
import { localTimeInTrigger } from './local-time-in-trigger'
import { lockTable } from './lock-table'
import { moddatetimeOnTimestamp } from './moddatetime-on-timestamp'
import { nameTooLong } from './name-too-long'
import { notNullScan } from './not-null-scan'
import { psqlCommand } from './psql-command'
import { refreshNotConcurrent } from './refresh-not-concurrent'
import { reindexNotConcurrent } from './reindex-not-concurrent'
import { renameColumn } from './rename-column'
import { renameEnumValue } from './rename-enum-value'
import { renameTable } from './rename-table'
import { renameType } from './rename-type'
import { requiredColumn } from './required-column'
import { rowSecurityWithoutPolicy } from './row-security-without-policy'
import { serialColumn } from './serial-column'
import { settingCastWithoutNullif } from './setting-cast-without-nullif'
import { sqlSyntax } from './sql-syntax'
import { storedGeneratedColumn } from './stored-generated-column'
import { tableMoved } from './table-moved'
import { tableRewritten } from './table-rewritten'
import { transactionNotEnded } from './transaction-not-ended'
import { triggerComparesWholeRow } from './trigger-compares-whole-row'
import { triggersDisabled } from './triggers-disabled'
import { truncate } from './truncate'
import { uniqueMayFail } from './unique-may-fail'
import { updateWithoutWhere } from './update-without-where'
import { updatedAtWithoutTrigger } from './updated-at-without-trigger'
import { validateInSameTransaction } from './validate-in-same-transaction'
import { volatileDefault } from './volatile-default'

/** Every check, in the order of docs/lint.md. */
export const RULES: readonly LintRule[] = [
  indexNotConcurrent,
  dropIndexNotConcurrent,
  concurrentlyInTransaction,
  concurrentlyOnPartitioned,
  foreignKeyNotValidMissing,
  checkNotValidMissing,
  notNullScan,
  volatileDefault,
  storedGeneratedColumn,
  serialColumn,
  columnTypeChange,
  constraintBuildsIndex,
  exclusionConstraint,
  attachPartitionScan,
  detachPartitionNotConcurrent,
  refreshNotConcurrent,
  reindexNotConcurrent,
  tableRewritten,
  tableMoved,
  lockTable,
  triggersDisabled,
  validateInSameTransaction,
  domainConstraint,
  domainColumn,
  uniqueMayFail,
  requiredColumn,
  enumReplaced,
  enumValueInSameTransaction,
  dropTable,
  dropColumn,
  dropSchema,
  dropOwned,
  dropDatabase,
  dropType,
  dropConstraint,
  dropCascade,
  renameTable,
  renameColumn,
  renameType,
  renameEnumValue,
  truncate,
  deleteWithoutWhere,
  updateWithoutWhere,
  dataChangeWithSchemaChange,
  transactionNotEnded,
  nameTooLong,
  charType,
  jsonType,
  concurrentIfNotExists,
  rowSecurityWithoutPolicy,
  triggerComparesWholeRow,
  localTimeDefault,
  localTimeInTrigger,
  moddatetimeOnTimestamp,
  foreignKeyType,
  updatedAtWithoutTrigger,
  settingCastWithoutNullif,
  backfillAfterTrigger,
  sqlSyntax,
  psqlCommand,
  dynamicSql,
]
