// libpq, PostgreSQL's client library, opened when a database is first named: with all that it needs it would double the time
// that every command takes to start.
#pragma once

#include <libpq-fe.h>

namespace sm2::journal {

#define SM2_LIBPQ(FUNCTION)      \
  FUNCTION(PQclear)              \
  FUNCTION(PQcmdTuples)          \
  FUNCTION(PQconndefaults)       \
  FUNCTION(PQconnectPoll)        \
  FUNCTION(PQconnectStartParams) \
  FUNCTION(PQconninfoFree)       \
  FUNCTION(PQconninfoParse)      \
  FUNCTION(PQconsumeInput)       \
  FUNCTION(PQerrorMessage)       \
  FUNCTION(PQfinish)             \
  FUNCTION(PQflush)              \
  FUNCTION(PQfreemem)            \
  FUNCTION(PQgetisnull)          \
  FUNCTION(PQgetlength)          \
  FUNCTION(PQgetResult)          \
  FUNCTION(PQgetvalue)           \
  FUNCTION(PQisBusy)             \
  FUNCTION(PQnotifies)           \
  FUNCTION(PQntuples)            \
  FUNCTION(PQresultErrorField)   \
  FUNCTION(PQresultStatus)       \
  FUNCTION(PQsendPrepare)        \
  FUNCTION(PQsendQueryPrepared)  \
  FUNCTION(PQsetErrorVerbosity)  \
  FUNCTION(PQsetnonblocking)     \
  FUNCTION(PQsetNoticeProcessor) \
  FUNCTION(PQsocket)             \
  FUNCTION(PQstatus)

struct Libpq {
#define SM2_LIBPQ_MEMBER(name) decltype(&::name) name = nullptr;
  SM2_LIBPQ(SM2_LIBPQ_MEMBER)
#undef SM2_LIBPQ_MEMBER
};

// Null where the machine has none, or one without a function that is needed.
const Libpq* find_libpq();

// After it was found.
inline const Libpq& libpq() { return *find_libpq(); }

}  // namespace sm2::journal
