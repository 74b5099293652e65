-- One replica's claim on one limit. The record is a hash: for each replica
-- share:used:taken:until:at, in '+' what was forgiven, in '=' what forgotten replicas used, in '!'
-- when somebody last got less than was waited for. The shares of those who live, what silent ones
-- used and what is forgotten never add up to more than the limit, save what was overdrawn.
local me, lasting = ARGV[1], ARGV[2]
local limit, used, taken, held = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local want, must = tonumber(ARGV[7]), tonumber(ARGV[8])
local lease, kept, forgive = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function whole(n) return string.format('%.0f', n) end

local elsewhere, idle, usedByOthers, replicas, base, forgiven, scarceAt = 0, 0, 0, 1, 0, 0, 0
local mine = 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local id, entry = all[i], all[i + 1]
  if id == '=' then
    base = base + tonumber(entry)
  elseif id == '+' then
    forgiven = tonumber(entry)
  elseif id == '!' then
    scarceAt = tonumber(entry)
  else
    local s, u, t, till, at = string.match(entry, '^(%d+):(%d+):(%d+):(%d+):(%d+)$')
    s, u, t, till, at = tonumber(s), tonumber(u), tonumber(t), tonumber(till), tonumber(at)
    if id == me then
      mine = till > now and s or 0
    elseif till > now then
      elsewhere = elsewhere + s
      usedByOthers = usedByOthers + u
      idle = idle + math.max(0, s - t)
      replicas = replicas + 1
    elseif lasting == 'PERIOD' then
      usedByOthers = usedByOthers + u
      elsewhere = elsewhere + u
      if now - at > 3600000 then
        base = base + u
        elsewhere = elsewhere - u
        usedByOthers = usedByOthers - u
        redis.call('HDEL', KEYS[1], id)
        redis.call('HSET', KEYS[1], '=', whole(base))
      end
    elseif lasting == 'MINUTE' and now - at < 61000 then
      usedByOthers = usedByOthers + u
      elsewhere = elsewhere + u
    else
      redis.call('HDEL', KEYS[1], id)
    end
  end
end

local usedInAll = base + usedByOthers + used
if forgive then
  forgiven = usedInAll
  redis.call('HSET', KEYS[1], '+', whole(forgiven))
end
local total = limit + forgiven - base - elsewhere
local level = math.max(taken, math.min(held, total))
local free = math.max(0, total - level)
local share = level + math.max(0, math.min(want - level, math.max(math.min(must, free), math.floor(free / 2))))
-- What somebody waits for is not idle: else replicas that hold crumbs wait for each other's.
local spoken = taken
if must > 0 and share - taken < must then
  spoken = share
  scarceAt = now
  redis.call('HSET', KEYS[1], '!', whole(now))
end
if share == 0 and used == 0 then
  redis.call('HDEL', KEYS[1], me)
else
  redis.call('HSET', KEYS[1], me,
      whole(share) .. ':' .. whole(used) .. ':' .. whole(spoken) .. ':' .. whole(now + lease) .. ':' .. whole(now))
end
redis.call('PEXPIRE', KEYS[1], kept)
return {share, base + elsewhere, idle, usedInAll, replicas, forgiven, now - scarceAt < 1000 and 1 or 0}
