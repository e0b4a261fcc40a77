import type { Lead, User } from './types/models'

export function fetchUsers(backend: string): Promise<User[]> {
  return fetchJson<User[]>(`${backend}/admin/users`)
}

export function fetchLeads(backend: string): Promise<Lead[]> {
  return fetchJson<Lead[]>(`${backend}/admin/leads`)
}

async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}`)
  return (await response.json()) as T
}
