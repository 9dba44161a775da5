-- Asks for paths of a file, and says what came of it as one line of JSON.
-- The first line says how: "GET", which may be left out, and "PUT" draw a path,
-- "DELETE" takes the paths in order, "POST" has one. A second argument is the milliseconds that a
-- connection rests before each request.

local method, paths, requests = "GET", {}, {}

local run, sent = nil, 0

function init(args)
  math.randomseed(1)
  if args[2] then
    function delay() return tonumber(args[2]) end
  end
  for line in io.lines(args[1]) do
    local verb, path = line:match("^(%u+) (.*)")
    method = verb or method
    paths[#paths + 1] = path or line
  end
  run = string.format("%d.%d", os.time(), tonumber(tostring({}):match("0x(%x+)"), 16) % 1000000)
  if method == "GET" then
    for place, path in ipairs(paths) do requests[place] = wrk.format("GET", path) end
  elseif method ~= "DELETE" then
    wrk.headers["Content-Type"] = "application/json"
  end
end

local function body()
  if method == "PUT" then return string.format('{"last_name":"Ali %d"}', sent) end
  if method == "POST" then
    return string.format(
      '{"first_name":"Sara","last_name":"Ali","gender":"female","email":"w%d.%s@example.com"}',
      sent, run
    )
  end
end

function request()
  if method == "GET" then return requests[math.random(#requests)] end
  sent = sent + 1
  local place = method == "DELETE" and math.min(sent, #paths) or math.random(#paths)
  return wrk.format(method, paths[place], nil, body())
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
