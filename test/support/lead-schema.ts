/** Leads whose `updatedBy` is the module's to fill. */
export const LEAD_SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id           Int    @id
  updatedLeads Lead[]
}
model Lead {
  id          Int   @id
  name        String
  updatedById Int?
  updatedBy   User? @relation(fields: [updatedById], references: [id])
}
`
