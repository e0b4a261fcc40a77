import assert from 'node:assert/strict'
import { advisePolicy } from '../../../server/src/audit-fields/policy-advice'
import { schemaOf } from '../schema/support'

/** Models as real schemas have them: `Name(scalar relation:Target)`, and which of them holds the users, if any. */
const SHAPES: readonly (readonly [of: string, users: string | null, models: string])[] = [
  ['NextAuth', 'User', `${nextAuth()} User(name email image)`],
  ['NextAuth, its User first', 'User', `User(name email image) ${nextAuth()}`],
  [
    'Better Auth',
    'user',
    'account(accountId password user:user) session(token user:user) verification(value) user(name email)',
  ],
  ['T3', 'User', `Post(name createdBy:User) ${nextAuth()} User(name email)`],
  [
    'Cal.com',
    'User',
    'Team(name slug) Profile(username user:User organization:Team) User(username email) UserPassword(hash user:User) ' +
      'Membership(role team:Team user:User) EventType(title owner:User team:Team) Attendee(name email booking:Booking) ' +
      'Booking(title user:User) Host(user:User eventType:EventType) Credential(key user:User team:Team)',
  ],
  [
    'Documenso',
    'User',
    `Organisation(name owner:User) Team(name organisation:Organisation) ${nextAuth()} User(name email password) ` +
      'Recipient(name email document:Document) Document(title user:User team:Team)',
  ],
  [
    'Dub',
    'User',
    'Project(name slug) Partner(name email) Customer(name email project:Project link:Link) User(email passwordHash) ' +
      'ProjectUsers(role user:User project:Project) Link(url user:User project:Project)',
  ],
  [
    'Formbricks',
    'User',
    'Organization(name) Contact(userId environment:Environment) Environment(type organization:Organization) ' +
      'Response(data contact:Contact) Membership(role organization:Organization user:User) User(name email password)',
  ],
  [
    'Papermark',
    'User',
    'Team(name) Viewer(email team:Team) View(viewerEmail viewer:Viewer) Invitation(email token team:Team) ' +
      'UserTeam(role user:User team:Team) User(email)',
  ],
  [
    'a chat without User',
    'Profile',
    'Server(name profile:Profile) Member(role profile:Profile server:Server) Message(text member:Member) ' +
      'Conversation(memberOne:Member memberTwo:Member) Profile(userId name email)',
  ],
  [
    'Supabase',
    'users',
    'profiles(username full_name users:users) posts(author:profiles) users(email encrypted_password)',
  ],
  [
    'Umami',
    'user',
    'session(browser website:website) website(name user:user createUser:user) team(name) ' +
      'team_user(role team:team user:user) user(username password)',
  ],
  [
    'Ghostfolio',
    'User',
    'Account(balance name user:User) Order(fee account:Account user:User) Access(user:User granteeUser:User) ' +
      'User(role accessToken)',
  ],
  [
    'an introspected database',
    'users',
    'accounts(provider users:users) posts(title users:users) users(email first_name)',
  ],
  [
    'Django',
    'auth_user',
    'auth_group(name) auth_user_groups(auth_user:auth_user auth_group:auth_group) django_session(session_data) ' +
      'django_admin_log(change auth_user:auth_user) auth_user(email password first_name)',
  ],
  [
    'a shop of customers',
    'Customer',
    'Order(total customer:Customer) Customer(email firstName password) Product(name)',
  ],
  [
    'a shop with staff',
    'User',
    'Customer(email name) Order(total customer:Customer createdBy:User) User(email password role)',
  ],
  [
    'an HR department',
    'Employee',
    'Department(name head:Employee) Leave(employee:Employee approvedBy:Employee) ' +
      'Employee(firstName lastName email manager:Employee department:Department)',
  ],
  [
    'a CRM',
    'User',
    'Account(name email owner:User) Contact(email firstName owner:User account:Account) Lead(email owner:User) ' +
      'Opportunity(account:Account owner:User) User(email name)',
  ],
  [
    'a bank',
    'User',
    'Account(iban balance user:User) Transaction(amount fromAccount:Account toAccount:Account) User(email password)',
  ],
  [
    'tenants called Account',
    'User',
    'Account(name plan) Project(account:Account createdBy:User) Task(account:Account assignee:User) ' +
      'Note(account:Account author:User) User(email password account:Account)',
  ],
  [
    'tenants and AppUser',
    'AppUser',
    'Tenant(name email) Order(tenant:Tenant) AppUser(email passwordHash tenant:Tenant)',
  ],
  ['a blog of authors', 'Author', 'Post(title author:Author) Tag(name) Author(name email)'],
  ['a library', 'Member', 'Author(name) Book(title author:Author) Loan(book:Book member:Member) Member(name email)'],
  [
    'a clinic',
    'User',
    'Doctor(name user:User) Patient(name email) Appointment(doctor:Doctor patient:Patient) User(email password role)',
  ],
  ['groups', 'User', 'GroupUser(role user:User group:Group) Group(name) User(name)'],
  ['a game', 'Player', 'Team(name captain:Player) Match(score winner:Player) Player(username email)'],
  [
    'a hotel',
    'Staff',
    'Guest(email firstName) Room(number) Booking(guest:Guest createdBy:Staff) Staff(email password)',
  ],
  [
    'organizations first',
    'User',
    'Organization(name email owner:User) Workspace(name organization:Organization) User(email)',
  ],
  ['a ledger without people', null, 'Account(name balance) Entry(amount account:Account debitAccount:Account)'],
  ['a newsletter', null, 'Subscriber(email firstName) Campaign(name) Invitation(email token)'],
  ['a catalogue', null, 'Product(name) Category(name) Price(amount product:Product)'],
]

function nextAuth(): string {
  return (
    'Account(type provider providerAccountId access_token user:User) Session(sessionToken expires user:User) ' +
    'VerificationToken(identifier token) Authenticator(credentialID user:User)'
  )
}

describe('the model that a first policy suggests as the users', () => {
  for (const [of, users, models] of SHAPES) {
    it(`is ${users ?? 'none'} in ${of}`, () => {
      const { userModels } = advisePolicy(schemaOf(schemaText(models)))
      const suggested = userModels.filter(({ isLikely }) => isLikely).map(({ name }) => name)
      assert.deepEqual(suggested, users === null ? [] : [users])
    })
  }
})

function schemaText(models: string): string {
  return [...models.matchAll(/(\w+)\(([^)]*)\)/g)]
    .map(
      ([, name = '', fields = '']) => `model ${name} {\n  id Int @id\n${fields.split(' ').map(fieldText).join('')}}\n`,
    )
    .join('\n')
}

function fieldText(field: string): string {
  const [name = '', target] = field.split(':')
  if (target === undefined) return `  ${name} String\n`
  return `  ${name}Id Int\n  ${name} ${target} @relation("${name}", fields: [${name}Id], references: [id])\n`
}
