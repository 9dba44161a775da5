-- Reads the counts of keys, and counts nothing.
--
-- KEYS: one per rule. The answer is the server's clock, then of each key what hit.lua wrote, or ''
-- for a key that is gone or of another type.

local clock = redis.call('TIME')
local answer = { string.format('%.17g', tonumber(clock[1]) + tonumber(clock[2]) / 1e6) }
for i, key in ipairs(KEYS) do
  local text = redis.pcall('GET', key)
  answer[i + 1] = type(text) == 'string' and text or ''
end
return answer
