// libhdf5 can read files from Amazon's S3, which Engram never does. Linking it statically would ask for libcurl and OpenSSL, and these for
// thirty more libraries. The functions below stand in their place. Each fails as if there were no network; none can be reached without a
// file access property list that asks for S3.
#include <stddef.h>

enum { FAILED_INIT = 2 };  // CURLE_FAILED_INIT

int curl_global_init(long flags) { return (void)flags, FAILED_INIT; }
void curl_global_cleanup(void) {}
void *curl_easy_init(void) { return NULL; }
void curl_easy_cleanup(void *handle) { (void)handle; }
int curl_easy_perform(void *handle) { return (void)handle, FAILED_INIT; }
int curl_easy_setopt(void *handle, int option, ...) { return (void)handle, (void)option, FAILED_INIT; }
void *curl_slist_append(void *list, const char *text) { return (void)list, (void)text, NULL; }
void curl_slist_free_all(void *list) { (void)list; }

const void *EVP_sha256(void) { return NULL; }
void *HMAC(const void *kind, const void *key, int key_length, const unsigned char *data, size_t length, unsigned char *result, unsigned *count) {
  return (void)kind, (void)key, (void)key_length, (void)data, (void)length, (void)result, (void)count, NULL;
}
unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *result) { return (void)data, (void)length, (void)result, NULL; }
