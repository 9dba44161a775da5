-- The requests of one turn, in order, each against all its rules at once: the same decisions as
-- `decide` in window.py. A key is read once and written once, however many requests meet it.
--
-- KEYS: one per rule, request by request. ARGV: the lag that is forgiven; then for each request the
-- number of its rules, and limit, period and overflow of each rule.
-- A key holds "end used next". The answer is one text per request, since the server would cut a
-- number down to an integer: "1 now" or "0 now", then "end used next" of each rule. %.17g keeps
-- every bit. A request that meets a key of another type is answered by null, and counts nothing.

local lag = tonumber(ARGV[1])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
local kept, written = {}, {}

local function read(key)
  if kept[key] == nil then
    local text = redis.pcall('GET', key)
    if type(text) == 'table' then
      return nil
    end
    local ends, used, next = string.match(text or '', '^(%S+) (%d+) (%S+)$')
    kept[key] = { tonumber(ends or 0), tonumber(used or 0), tonumber(next or 0) }
  end
  return unpack(kept[key])
end

local function decide(first, argument, rules)
  local standing, admitted = {}, true
  for i = 1, rules do
    local key = KEYS[first + i]
    local limit, period = tonumber(ARGV[argument]), tonumber(ARGV[argument + 1])
    local overflow = tonumber(ARGV[argument + 2])
    argument = argument + 3
    local ends, used, next = read(key)
    if ends == nil then
      return false
    end
    local mended = false
    if now >= ends then
      ends, used, next = now + period, 0, 0
    elseif ends > now + period + lag or next > now + overflow + lag then
      ends, next, mended = math.min(ends, now + period), math.min(next, now + overflow), true
    end
    local till = overflow > 0 and math.min(next, ends) or ends
    admitted = admitted and (used < limit or till <= now)
    standing[i] = { key, ends, used, next, mended, limit, overflow }
  end
  local answer = { string.format(admitted and '1 %.17g' or '0 %.17g', now) }
  for i, count in ipairs(standing) do
    local key, ends, used, next, mended, limit, overflow = unpack(count)
    if admitted then
      used = math.min(used + 1, limit)
      next = overflow > 0 and used == limit and now + overflow or 0
    end
    if admitted or mended then
      kept[key] = { ends, used, next }
      written[key] = true
    end
    answer[i + 1] = string.format('%.17g %d %.17g', ends, used, next)
  end
  return table.concat(answer, ' ')
end

local answers, key, argument = {}, 0, 2
while argument <= #ARGV do
  local rules = tonumber(ARGV[argument])
  answers[#answers + 1] = decide(key, argument + 1, rules)
  key, argument = key + rules, argument + 1 + 3 * rules
end
if #KEYS > 0 and next(written) == nil then
  -- Refusals write nothing, and a server that became a replica would give them for ever. It refuses
  -- this, and the caller connects anew; elsewhere there is no such key, and nothing to replicate.
  redis.call('DEL', 'sijill:')
end
for key in pairs(written) do
  local ends, used, next = unpack(kept[key])
  local text = string.format('%.17g %d %.17g', ends, used, next)
  -- Relative, so that the key lives as long as its window by the server's own clock.
  redis.call('SET', key, text, 'PX', math.max(1, math.ceil((ends - now) * 1000)))
end
return answers
