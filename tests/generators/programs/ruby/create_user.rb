# Creates a user, reads it back, and deletes it.

require 'json'
require 'uri'
require 'openapi_client'

OpenapiClient.configure do |configuration|
  url = URI(ENV.fetch('ROLLCALL_URL'))
  configuration.scheme = url.scheme
  configuration.host = "#{url.host}:#{url.port}"
  configuration.server_index = nil
  configuration.base_path = '/api/v3'
  configuration.access_token = ENV.fetch('ROLLCALL_TOKEN')
end

api = OpenapiClient::CoreApi.new
request = OpenapiClient::UserRequest.new(username: 'ruby', name: 'Ruby', attributes: { 'team' => 'clients' })
user = api.core_users_create(request)
raise user.to_s unless user.attributes.to_h.transform_keys(&:to_s) == { 'team' => 'clients' }
raise user.to_s unless api.core_users_retrieve(user.pk) == user

begin
  api.core_users_create(request)
  raise 'the username is taken'
rescue OpenapiClient::ApiError => e
  raise e unless JSON.parse(e.response_body) == { 'username' => ['This field must be unique.'] }
end
api.core_users_destroy(user.pk)
