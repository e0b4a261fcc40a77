-- What somebody does in Neovim, in their stead: `nvim --headless -u NONE -c 'luafile session.lua'`. Writes what was seen as JSON.
local seen = { messages = {}, questions = {}, progress = {} }

local function wait(what, is_done)
  if not vim.wait(300000, is_done, 10) then
    error('Waited in vain for ' .. what .. ': ' .. vim.inspect(seen))
  end
end

local function diagnostics()
  return vim.tbl_map(function(each)
    return (each.code or (each.user_data or {}).lsp.code) .. ' ' .. each.message
  end, vim.diagnostic.get(0))
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n')
end

local function cursor_on(pattern)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  assert(vim.fn.search(pattern) > 0, pattern)
end

-- The fingers: what is chosen of a list, and what is answered to a question.
vim.ui.select = function(items, options, choose)
  for index, item in ipairs(items) do
    if options.format_item(item):find(seen.wanted, 1, true) then
      return choose(item, index)
    end
  end
  error(seen.wanted .. ' is not offered')
end
vim.fn.inputlist = function(lines)
  table.insert(seen.questions, lines)
  for index, line in ipairs(lines) do
    if line:find('^%d+%. Migrate$') or line:find('^%d+%. Apply$') then
      return index - 2
    end
  end
  return 0
end
local show_message = vim.lsp.handlers['window/showMessage']
vim.lsp.handlers['window/showMessage'] = function(error, result, context, config)
  table.insert(seen.messages, result.message)
  if result.message:find('^Save ') then
    vim.schedule(function()
      seen.on_disk = table.concat(vim.fn.readfile(vim.env.PRISMA_AUDIT_CODE), '\n')
      vim.cmd('silent wall')
    end)
  end
  return show_message(error, result, context, config)
end

-- Neovim has no place of its own for progress: a status line asks for it, or a plugin does.
local progress = vim.lsp.handlers['$/progress']
vim.lsp.handlers['$/progress'] = function(error, result, context, config)
  table.insert(seen.progress, result.value)
  return progress(error, result, context, config)
end

local function run()
  vim.cmd('luafile ' .. vim.env.PRISMA_AUDIT_CONFIGURATION)
  -- A file of the application with a change that is not saved, from before the schema was opened.
  vim.opt.hidden = true
  vim.cmd('edit ' .. vim.env.PRISMA_AUDIT_CODE)
  vim.api.nvim_buf_set_lines(0, 0, 0, true, { '// not saved yet' })
  vim.cmd('edit ' .. vim.env.PRISMA_AUDIT_SCHEMA)
  wait('diagnostics', function()
    seen.diagnostics = diagnostics()
    return #seen.diagnostics >= 3
  end)

  cursor_on('^model \\zsUser')
  local position = vim.lsp.util.make_position_params()
  wait('a hover that knows the database', function()
    for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/hover', position, 30000)) do
      seen.hover = answer.result and answer.result.contents.value or ''
    end
    return seen.hover:find('Database', 1, true)
  end)

  wait('lenses', function()
    vim.lsp.codelens.refresh()
    seen.lenses = vim.tbl_map(function(lens)
      return lens.command.title
    end, vim.lsp.codelens.get(vim.api.nvim_get_current_buf()))
    return #seen.lenses > 0
  end)

  seen.wanted = 'Add updatedAt to User'
  vim.lsp.buf.code_action()
  wait('the code action', function()
    return text():find('updatedAt', 1, true)
  end)
  seen.changed = text()
  vim.cmd('silent write')

  vim.cmd('PrismaAudit rehearse')
  wait('a step of the rehearsal', function()
    return #seen.progress > 0 and seen.progress[#seen.progress].kind == 'report'
  end)
  vim.cmd('PrismaAudit cancel')
  wait('the end of the rehearsal', function()
    return seen.progress[#seen.progress].kind == 'end' and #seen.messages > 0
  end)
  seen.cancelled = seen.messages[#seen.messages]

  vim.cmd('PrismaAudit guided')
  wait('the end of the migration', function()
    return (seen.messages[#seen.messages] or ''):find('^Done')
  end)
  wait('no diagnostics', function()
    seen.left = diagnostics()
    return #seen.left == 0
  end)
  seen.migrated = text()
  vim.cmd('PrismaAudit showCoverage')
  wait('the coverage', function()
    return seen.messages[#seen.messages]:find('coverage', 1, true)
  end)
end

local is_well, message = pcall(run)
seen.error = not is_well and tostring(message) or vim.NIL
local file = assert(io.open(vim.env.PRISMA_AUDIT_SEEN, 'w'))
file:write(vim.json and vim.json.encode(seen) or vim.fn.json_encode(seen))
file:close()
vim.cmd('qall!')
