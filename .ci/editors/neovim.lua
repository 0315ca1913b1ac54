-- Opens a repository in Neovim 0.7 or later with the settings of docs/editors.md, reads diagnostics, takes a quick fix and a
-- completion. Run by `run` in a folder with a.json and ddmc.toml; DOCS is the page, and `ddmc` is on the path.

local failed = function(message)
  io.stderr:write("neovim: " .. message .. "\n")
  vim.cmd("cquit 1")
end

local wait = function(what, condition)
  if not vim.wait(20000, condition, 20) then
    failed("waited in vain for " .. what .. ": " .. vim.inspect(vim.diagnostic.get(0)))
  end
end

local ok, problem = pcall(function()
  local page = io.open(os.getenv("DOCS")):read("*a")
  local settings = page:match("With versions 0.7 to 0.10:\n\n```lua\n(.-)```")
  assert(loadstring(settings))()
  vim.cmd("filetype on")
  vim.cmd("edit a.json")
  local buffer = vim.api.nvim_get_current_buf()
  local clients = vim.lsp.get_clients or vim.lsp.get_active_clients
  wait("the client", function() return #clients() == 1 end)
  local client = clients()[1].id

  local rules = function()
    return vim.tbl_map(function(item) return item.code or item.user_data.lsp.code end, vim.diagnostic.get(buffer))
  end
  wait("diagnostics", function() return vim.deep_equal(rules(), { "unknown-key" }) end)
  local found = vim.diagnostic.get(buffer)[1]
  assert(found.lnum == 3 and found.col == 15 and found.end_col == 30, vim.inspect(found))

  local ask = function(method, params)
    local answer = vim.lsp.buf_request_sync(buffer, method, params, 20000)
    assert(answer and answer[client] and not answer[client].err, method .. ": " .. vim.inspect(answer))
    return answer[client].result
  end
  local document = { uri = vim.uri_from_bufnr(buffer) }
  local line = { start = { line = 3, character = 0 }, ["end"] = { line = 3, character = 40 } }
  local actions = ask("textDocument/codeAction", { textDocument = document, range = line, context = { diagnostics = {} } })
  local preferred = vim.tbl_filter(function(action) return action.isPreferred end, actions)
  assert(#preferred == 1, vim.inspect(actions))
  vim.lsp.util.apply_workspace_edit(preferred[1].edit, "utf-16")
  assert(vim.fn.getline(4):find('"Notifications": true', 1, true), vim.fn.getline(4))
  wait("the fix", function() return #rules() == 0 end)

  -- An object that is not closed.
  vim.fn.setline(4, { '  "Payload": {', '    "Def' })
  vim.api.nvim_buf_set_lines(buffer, 5, -1, false, {})
  vim.api.nvim_win_set_cursor(0, { 5, 8 })
  wait("the edit", function() return #rules() > 0 end)
  local list = ask("textDocument/completion", { textDocument = document, position = { line = 4, character = 8 } })
  local items = vim.tbl_filter(function(item) return item.label == "Deferrals" end, list.items)
  assert(#items == 1, vim.inspect(list))
  vim.lsp.util.apply_text_edits({ items[1].textEdit }, buffer, "utf-16")
  assert(vim.fn.getline(5):find('^    "Deferrals": {'), vim.fn.getline(5))

  local hover = ask("textDocument/hover", { textDocument = document, position = { line = 4, character = 8 } })
  assert(hover.contents.value:find("Deferrals", 1, true), vim.inspect(hover))
  vim.lsp.stop_client(client)
  wait("the end of the server", function() return vim.lsp.client_is_stopped(client) end)
end)
if not ok then
  failed(tostring(problem))
end
print("neovim: as described")
vim.cmd("qall!")
