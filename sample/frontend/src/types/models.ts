export interface User {
  id: number
  email: string
  name: string
  role: string
  createdAt: string
}

export interface Lead {
  id: number
  name: string
  email: string
  status: string
  createdAt: string
}
