-- Gives back the place of one request: the same as `returned` in window.py.
--
-- KEYS: one per rule. ARGV: for each the end of the window in which the place was taken.
-- A key holds "end used next", as hit.lua writes it. A key that is gone, or whose window is
-- another, stays as it is: it lives on for as long as its window did.

for i, key in ipairs(KEYS) do
  local text = redis.pcall('GET', key)
  if type(text) == 'string' then
    local ends, used = string.match(text, '^(%S+) (%d+) %S+$')
    if ends and tonumber(ends) == tonumber(ARGV[i]) then
      local left = string.format('%s %d 0', ends, math.max(0, tonumber(used) - 1))
      redis.call('SET', key, left, 'KEEPTTL')
    end
  end
end
return 1
